"""Methods of managers that a migration's models have."""

from .trees import HEADER, TreeCase

MANAGERS = """
from django.db import models


class Purging(models.Manager):
    use_in_migrations = True

    def purge(self):
        self.filter(spam=True).delete()


class Plain(models.Manager):
    def purge(self):
        self.filter(spam=True).delete()
"""
MODELS = """
from blog.managers import Plain, Purging, load


class Blog(models.Model):
    objects = Purging()
    plain = Plain()
    other = load()


Post = 1
"""


class ManagersTest(TreeCase):
    def told(self, call: str) -> list[str]:
        """Return what a function with this call does."""
        self.write("blog/__init__.py", "")
        self.write("blog/managers.py", MANAGERS)
        self.write("blog/models.py", f"from django.db import models\n{MODELS}")
        self.write(
            "blog/migrations/0002_x.py",
            f"{HEADER}\n\ndef change(apps, schema_editor):\n    {call}\n\n\n"
            "class Migration(migrations.Migration):\n"
            "    operations = [migrations.RunPython(change, migrations.RunPython.noop)]\n",
        )
        (migration,) = self.reading().migrations
        return [deed.text for each in migration.operations for deed in each.deeds]

    def test_method_of_a_manager_that_migrations_use(self) -> None:
        deletes = ["self.filter(spam=True).delete()"]
        for call in (
            "apps.get_model('blog', 'Blog').objects.purge()",
            "Blog = apps.get_model('blog.Blog'); Blog.objects.purge()",
        ):
            with self.subTest(call=call):
                self.assertEqual(deletes, self.told(call))

    def test_what_no_migration_sees_is_not_followed(self) -> None:
        for call in (
            "apps.get_model('blog', 'Blog').plain.purge()",
            "apps.get_model('blog', 'Blog').other.purge()",
            "apps.get_model('blog', 'Blog').objects.none()",
            "apps.get_model('blog', 'Blog').objects.all()",
            "apps.get_model('blog', 'Post').objects.purge()",
            "apps.get_model('theirs', 'Blog').objects.purge()",
            "apps.get_model('blog', 'load').objects.purge()",
            "print.objects.purge()",
        ):
            with self.subTest(call=call):
                self.assertEqual([], self.told(call))
