"""What a function of a migration leads into: objects, commands, tasks, models, other programs."""

from textwrap import dedent, indent

from .trees import HEADER, TreeCase

GONE = 'apps.get_model("blog", "Blog").objects.filter(spam=True).delete()'
MODELS = """
from django.db import models


class Rows(models.QuerySet):
    def purge(self):
        self.delete()


class Manager(models.Manager.from_queryset(Rows)):
    pass


class Blog(models.Model):
    title = models.TextField()
    objects = Manager()
    direct = Rows.as_manager()
    plain = load()

    def empty(self):
        self.title = ""
        self.save()


class Plain:
    pass
"""
COMMAND = """
from django.core.management.base import BaseCommand

from blog.models import Blog


class Command(BaseCommand):
    def handle(self, *args, **options):
        Blog.objects.filter(spam=True).delete()
"""


class FollowingCase(TreeCase):
    def told(self, body: str, before: str = "", **files: str) -> list[str]:
        """Return what a function does: losses, what is overwritten, and what cannot be told."""
        for path, text in files.items():
            self.write(path, text)
        self.write("blog/__init__.py", "")
        text = f"{HEADER}{dedent(before)}\n\ndef change(apps, schema_editor):\n"
        text += indent(dedent(body).strip("\n"), "    ")
        text += "\n\n\nclass Migration(migrations.Migration):\n"
        text += "    operations = [migrations.RunPython(change, migrations.RunPython.noop)]\n"
        self.paths = []
        self.write("blog/migrations/0002_x.py", text)
        found: list[str] = []
        for operation in self.read().operations:
            found += [deed.does for deed in operation.deeds]
            found += [f"overwrites {', '.join(deed.fields)}" for deed in operation.overwrites]
            found += [operation.problem] if operation.problem else []
        return found

    def check(self, wanted: str, *cases: tuple[str, ...], **files: str) -> None:
        """Check that each body, with what stands before it, does one thing."""
        for case in cases:
            with self.subTest(case[0]):
                found = self.told(*case, **files)
                self.assertIn(wanted, found[0] if found else "nothing")
                self.assertTrue(wanted != "nothing" or not found)


class ObjectsTest(FollowingCase):
    def test_methods_that_run_without_being_called(self) -> None:
        make = f"""
            class Cleaner:
                def __init__(self, apps):
                    self.apps = apps
                def __enter__(self):
                    return self
                def __exit__(self, *args):
                    {GONE.replace("apps", "self.apps", 1)}
                def __iter__(self):
                    yield {GONE.replace("apps", "self.apps", 1)}
                def run(self):
                    return self
                def gone(self):
                    {GONE.replace("apps", "self.apps", 1)}
                @property
                def count(self):
                    return {GONE.replace("apps", "self.apps", 1)}
        """
        self.check(
            "deletes rows",
            ("Cleaner(apps).gone()", make),
            ("Cleaner(apps).run().gone()", make),
            ("cleaner = Cleaner(apps)\ncleaner.run().gone()", make),
            ("with Cleaner(apps):\n    pass", make),
            ("cleaner = Cleaner(apps)\nwith cleaner as other:\n    pass", make),
            ("for each in Cleaner(apps):\n    pass", make),
            ("cleaner = Cleaner(apps)\nif cleaner.count:\n    pass", make),
            ('getattr(Cleaner(apps), "gone")()', make),
        )
        self.check("nothing", ("cleaner = Cleaner(apps)\nprint(cleaner.run)", make))
        self.check("nothing", ("with open('x') as f, X:\n    print(f.x.y)", make))

    def test_methods_found_by_their_names(self) -> None:
        does = "calls a method that is known only at run time"
        make = f"""
            class Plain:
                def step_1(self):
                    print(1)
            class Cleaner(Plain):
                kept = "step_"
                def __init__(self, apps):
                    self.apps = apps
                def step_2(self):
                    {GONE.replace("apps", "self.apps", 1)}
            class Later(Plain):
                kept = "step_"
                later_2 = Cleaner.step_2
                step_3 = 3
                def later_1(self):
                    {GONE.replace("apps", "self.apps", 1)}
                @property
                def step_4(self):
                    return 4
        """
        guard = "for name in dir(one):\n    if name.startswith({}):\n        {}getattr(one, name)()"
        for one in ("Cleaner(apps)", "Cleaner"):
            for body in (
                guard.format("one.kept", ""),
                guard.format("'step_'", ""),
                guard.format("'other' + X", ""),
                guard.format("'other'", "name = X\n        "),
                "for name in dir(one):\n    getattr(one, name)()",
                "getattr(one, f'step_{X}')()",
                "if X.startswith('other'):\n    pass\ngetattr(one, X)()",
                "if 'x'.startswith('other'):\n    getattr(one, X)()",
            ):
                self.check(does, (f"one = {one}\n{body}", make))
        for body in (guard.format("one.kept", ""), "getattr(one, f'step_{X}')()"):
            self.check("nothing", (f"one = Later()\n{body}", make))
        self.check("nothing", ("getattr(Plain(), X)()", make), ("getattr(X, X)()", make))
        self.check("nothing", ("getattr(Cleaner(apps), 'step_1')()", make))

    def test_work_in_init_where_it_is_given_the_apps(self) -> None:
        make = f"class Cleaner:\n    def __init__(self, apps):\n        {GONE}"
        self.check("deletes rows", ("Cleaner(apps)", make), ("Cleaner(apps=apps)", make))
        self.check("nothing", ("Cleaner()", make))

    def test_task_that_is_a_class(self) -> None:
        make = f"class Task:\n    def run(self, apps):\n        {GONE}"
        self.check("deletes rows", ("Task().delay(apps)", make), ("Task().run(apps)", make))

    def test_function_named_like_the_method_of_a_task(self) -> None:
        text = f"def run(apps):\n    {GONE}\n"
        self.check("deletes rows", ("db.run(apps)", "from blog import db"), **{"blog/db.py": text})

    def test_functions_handed_over_by_name(self) -> None:
        gone = f"def gone(apps=None):\n    {GONE}"
        self.check("deletes rows", ("Thread(target=gone).start()", gone))
        self.check("nothing", ("Thread(name=gone).start()", gone))


class HandedTheAppsTest(FollowingCase):
    def test_what_is_called_is_known_only_at_run_time(self) -> None:
        does = "calls what is known only at run time"
        self.check(
            does,
            ("X(apps)",),
            ("todo = [X]\ntodo.pop()(apps)",),
            ("for each in X:\n    each.run(schema_editor=schema_editor)",),
        )
        self.check("nothing", ("print(apps)",), ("do(apps)", "def do(apps):\n    pass"))
        self.check("nothing", ("X.objects.bulk_update(apps, Y)",))

    def test_method_above_the_own_one(self) -> None:
        make = f"""
            class First:
                def __init__(self, apps):
                    self.apps = apps
                def go(self):
                    {GONE.replace("apps", "self.apps", 1)}
            class Second(First):
                def go(self):
                    super().go()
            class Third(Second):
                def go(self):
                    super().go()
        """
        self.check("deletes rows", ("Second(apps).go()", make), ("Third(apps).go()", make))
        self.check("nothing", ("super().go()",), ("self = 1\nsuper().go()",))
        self.check("nothing", ("self = open('x')\nsuper().go()",))


class RegistryTest(FollowingCase):
    def test_functions_that_a_decorator_has_put_on_a_list(self) -> None:
        for empty in ("[]", "{}"):
            before = f"""
                STEPS = {empty}
                def step(function):
                    STEPS.append(function)
                    return function
                @step
                def gone(apps):
                    {GONE}
                @other.step
                def never(apps):
                    schema_editor.delete_model(X)
            """
            self.check(
                "deletes rows",
                ("for each in STEPS:\n    each(apps)", before),
                ("for each in list(STEPS):\n    each(apps)", before),
            )
            self.assertEqual(1, len(self.told("for each in STEPS:\n    each(apps)", before)))
        self.check("deletes rows", ("for name, f in STEPS.items():\n    f(apps)", before))
        self.check("deletes rows", ("STEPS[apps.name](apps)", before))
        filled = before.replace("{}", "X")
        self.check("calls what", ("for each in STEPS:\n    each(apps)", filled))
        made = before.replace("@step", "@step()")
        self.check("deletes rows", ("for each in STEPS.values():\n    each(apps)", made))


class CommandsTest(FollowingCase):
    IMPORT = "from django.core.management import call_command"
    PATH = "blog/management/commands/purge.py"

    def test_command_of_the_tree(self) -> None:
        files = {"blog/models.py": MODELS, self.PATH: COMMAND}
        self.check("deletes rows", ('call_command("purge")', self.IMPORT), **files)
        self.check("deletes rows", ('management.call_command("purge")', "X = 1"), **files)

    def test_command_of_an_app_elsewhere(self) -> None:
        path = "apps/shop/management/commands/purge.py"
        self.check("deletes", ('call_command("purge")', self.IMPORT), **{path: COMMAND})

    def test_command_that_is_none(self) -> None:
        for text in ("X = 1", "class Command:\n    pass"):
            self.check("nothing", ('call_command("purge")', self.IMPORT), **{self.PATH: text})

    def test_command_of_django_and_of_others(self) -> None:
        self.check("nothing", ('call_command("createcachetable")', self.IMPORT))
        self.check("runs a command of another", ('call_command("rebuild")', self.IMPORT))
        self.check("runs a command of another", ('call_command("a-b")', self.IMPORT))
        self.check("nothing", ("call_command()", self.IMPORT))

    def test_fixtures(self) -> None:
        def told(text: str, name: str = "tags", path: str = "blog/fixtures/tags.json") -> list[str]:
            return self.told(f'call_command("loaddata", {name!r})', self.IMPORT, **{path: text})

        keyed = '[{"model": "blog.tag", "pk": 1, "fields": {}}]'
        self.assertEqual(["overwrites …"], told(keyed))
        self.assertEqual(["overwrites …"], told(keyed, "blog/fixtures/tags.json"))
        self.assertEqual([], told(keyed.replace("1", "null")))
        self.assertEqual(
            ["overwrites …"], told("- model: blog.tag", "t.yaml", "blog/fixtures/t.yaml")
        )
        self.assertEqual(["overwrites …"], told("[1]"))
        self.assertEqual(["overwrites …"], told("", "absent"))
        self.assertEqual(["overwrites …"], told("", "a*"))
        self.assertEqual([], self.told("call_command('loaddata')", self.IMPORT))

    def test_deserialized_objects(self) -> None:
        loop = 'for each in {}("json", X):\n    each.save()'
        self.check(
            "overwrites …",
            (loop.format("serializers.deserialize"), "from django.core import serializers"),
            (loop.format("deserialize"), "from django.core.serializers import deserialize"),
            ("each = X.deserialize(1)\neach.save()",),
        )
        self.check("nothing", ("each = load(1)\neach.save()",), ("each = 1\neach.save()",))
        self.check("nothing", ("each = load(1)\neach.save()", "from x import load"))


class TasksTest(FollowingCase):
    def test_task_by_its_name(self) -> None:
        files = {"blog/tasks.py": "def purge():\n    cursor.execute('DELETE FROM a')\n"}
        self.check("deletes rows", ('app.send_task("blog.tasks.purge")',), **files)
        unknown = "starts a task by its name"
        for name in ('"purge"', '"blog.tasks.other"', "X", ""):
            self.check(unknown, (f"app.send_task({name})",), **files)


class ElsewhereTest(FollowingCase):
    def test_programs(self) -> None:
        does = "runs another program"
        self.check(
            does,
            ('os.system("psql < x")', "import os"),
            ('subprocess.run(["psql", "-f", X])', "import subprocess"),
            ("subprocess.run(X)", "import subprocess"),
            ("subprocess.run(args=X)", "import subprocess"),
            ('run("python manage.py flush", shell=True)', "from subprocess import run"),
        )
        self.check(
            "nothing",
            ('subprocess.run(["git", "log"])', "import subprocess"),
            ("subprocess.run([])", "import subprocess"),
            ('os.getenv("psql")', "import os"),
        )

    def test_signals(self) -> None:
        made = "from django.dispatch import Signal\nready = Signal()"
        self.check(
            "sends a signal",
            ("ready.send(None)", made),
            ("post_save.send(None)", "from django.db.models.signals import post_save"),
        )
        self.check("nothing", ("mail.send()", "from x import Mail\nmail = Mail()"), ("X().send()",))

    def test_modules(self) -> None:
        imported = "from importlib import import_module"
        self.check("runs a module", ('import_module(f"blog.{X}").run(apps)', imported))
        self.check("runs a module", ("import_string(X)(apps)", f"from {_STRINGS} import *"))
        named = 'step = import_string(environ.get("STEP", "blog.steps.run"))'
        asked = f"from os import environ\nfrom {_STRINGS} import import_string\n{named}"
        self.check("runs a module", ("step(apps)", asked), ("step.run(apps)", asked))
        files = {"blog/steps.py": f"def run(apps):\n    {GONE}\n"}
        self.check("deletes rows", ('import_module("blog.steps").run(apps)', imported), **files)
        self.check("nothing", ('import_module("json").loads("")', imported), ("X(1).run()",))
        found = f"{imported}\njson = import_module('json')\nnow = time()"
        self.check(
            "nothing", ('json.loads("")', found), ("now.run()", f"{found}\nfrom x import time")
        )


_STRINGS = "django.utils.module_loading"


class ModelsTest(FollowingCase):
    def check_models(self, wanted: str, *bodies: str) -> None:
        before = "from blog.models import Blog, Plain\nfrom blog import models as ours"
        for body in bodies:
            self.check(wanted, (body, before), **{"blog/models.py": MODELS})

    def test_methods_of_managers_and_querysets(self) -> None:
        self.check_models(
            "deletes rows",
            "Blog.objects.purge()",
            "Blog.direct.purge()",
            "Blog.objects.filter(spam=True).purge()",
            "ours.Blog.objects.all().purge()",
        )
        self.check_models("nothing", "Blog.objects.count_words()", "Plain.objects.purge()")

    def test_queryset_class_over_another_model(self) -> None:
        make = "from blog.models import Rows"
        body = 'rows = Rows(apps.get_model("blog", "Blog"))\nrows.all().purge()'
        self.check("deletes rows", (body, make), **{"blog/models.py": MODELS})

    def test_rows_of_imported_models(self) -> None:
        self.check_models("overwrites title", "for b in Blog.objects.all():\n    b.empty()")
        self.check_models("overwrites title", 'Blog.objects.filter(a=1).update(title="")')
        self.check_models("nothing", 'Plain.objects.filter(a=1).update(title="")')

    def test_model_of_a_package_of_models(self) -> None:
        text = "from x.models import Base\n\n\nclass Page(Base):\n    pass\n"
        body = 'Page.objects.filter(a=1).update(title="")'
        files = {"blog/models/page.py": text, "blog/models/__init__.py": ""}
        self.check("overwrites", (body, "from blog.models.page import Page"), **files)
        self.check("overwrites", (body, "from ..models.page import Page"), **files)

    def test_model_of_no_app(self) -> None:
        text = "from django.db import models\n\n\nclass Page(models.Model):\n    pass\n"
        body = 'Page.objects.filter(a=1).update(title="")'
        self.check("overwrites", (body, "from models import Page"), **{"models.py": text})


class RowsTest(FollowingCase):
    ROWS = 'Blog = apps.get_model("blog", "Blog")\n'

    def check_rows(self, wanted: str, *bodies: str, before: str = "") -> None:
        for body in bodies:
            self.check(wanted, (self.ROWS + body, before))

    def test_rows_that_another_package_hands_on(self) -> None:
        save = '    b.title = ""\n    b.save()'
        self.check_rows(
            "overwrites title",
            f"for b in tqdm(Blog.objects.all()):\n{save}",
            f"for b in tqdm.tqdm(Blog.objects.all()):\n{save}",
            f"pages = tqdm(Blog.objects.all(), 9)\nfor b in pages.page(1).object_list:\n{save}",
            before="from tqdm import tqdm",
        )
        self.check_rows("nothing", f"for b in Counter(Blog.objects.all()):\n{save}",
                        before="from collections import Counter")  # fmt: skip
        self.check_rows("nothing", f"for b in X(Blog.objects.all()):\n{save}",
                        f'for b in tqdm("x"):\n{save}', f"for b in tqdm():\n{save}",
                        before="from tqdm import tqdm")  # fmt: skip

    def test_relation_by_a_name(self) -> None:
        unlinked = "removes links between rows"
        self.check_rows(unlinked, 'getattr(Blog.objects.get(pk=1), "tags").clear()')
        self.check_rows(unlinked, "getattr(Blog.objects.get(pk=1), X).clear()")
        self.check_rows("nothing", "getattr(X, Y).clear()")
        self.check_rows("nothing", "ids = set(Blog.tags.values_list()); ids.clear()")

    def test_keys_of_a_loop(self) -> None:
        self.check_rows(
            "overwrites title",
            "for b in Blog.objects.all():\n    Blog.objects.filter(pk=b.pk).update(title=b.x)",
            "for pk, x in Blog.objects.values_list():\n"
            "    Blog.objects.filter(pk=pk).update(title=x)",
        )
        self.check_rows("nothing", 'Blog.objects.filter(pk=1).update(title="")')
        self.check_rows("nothing", 'Blog.objects.filter(pk=settings.SITE).update(title="")',
                        before="from django.conf import settings")  # fmt: skip

    def test_rows_of_dictionaries_and_through_others(self) -> None:
        self.check_rows(
            "overwrites title",
            'for pk, b in Blog.objects.in_bulk().items():\n    b.title = ""\n    b.save()',
            'm = {b.pk: b for b in Blog.objects.all()}\nm[1].title = ""\nm[1].save()',
            'for b in Blog.objects.all():\n    b.owner.title = ""\n    b.owner.save()',
            'if (b := Blog.objects.first()) is not None and X:\n    b.title = ""\n    b.save()',
            'if not (b := Blog.objects.first()):\n    b.title = ""\n    b.save()',
        )

    def test_attributes_set_by_other_means(self) -> None:
        self.check_rows(
            "overwrites …",
            'for b in Blog.objects.all():\n    vars(b).update(title="")\n    b.save()',
            'for b in Blog.objects.all():\n    b.__dict__["title"] = ""\n    b.save()',
            'for b in Blog.objects.all():\n    vars(b)["title"] = ""\n    b.save()',
        )
        helper = 'def empty(blog, x=None):\n    blog.title = ""\n    x.y = 1'
        self.check_rows(
            "overwrites title",
            "for b in Blog.objects.all():\n    empty(b)\n    b.save()",
            "for b in Blog.objects.all():\n    empty(b, 1)\n    b.save()",
            before=helper,
        )
        self.check_rows("nothing", "for b in Blog.objects.all():\n    X[0](b)\n    b.save()",
                        "for b in Blog.objects.all():\n    X().a(b)\n    b.save()",
                        "for b in Blog.objects.all():\n    print(b)\n    b.save()")  # fmt: skip
        loop = 'def empty(b):\n    empty(b)\n    b.title = ""'
        self.check_rows("overwrites title", "b = Blog.objects.first()\nempty(b)\nb.save()",
                        before=loop)  # fmt: skip


class QuotedCallTest(FollowingCase):
    def quoted(self, body: str) -> str:
        self.told(body)
        return self.read().operations[0].deeds[0].text

    def test_long_call_is_cut_at_a_word(self) -> None:
        conditions = ", ".join(f"name_{number}=1" for number in range(9))
        found = self.quoted(f"A.objects.filter({conditions}).delete()")
        self.assertRegex(found, r"^A\.objects\.filter\(name_0=1, .*, …$")
        self.assertLessEqual(len(found), 80)

    def test_long_word_is_cut_anywhere(self) -> None:
        for chain in (".using(a)" * 12, ".filter(a, b)" + ".using(a)" * 12):
            found = self.quoted(f"A.objects{chain}.delete()")
            self.assertRegex(found, r"^A\.objects\.(using\(a\)|filter\(a, b\)).{50,} …$")


class SqlOfFunctionsTest(FollowingCase):
    def statements(self, call: str, before: str = "") -> list[str]:
        self.told(call, before)
        return [
            f"{each} ({each.detail})"
            for operation in self.read().operations
            for each in operation.statements
        ]

    def test_update_by_a_cursor(self) -> None:
        self.assertEqual(
            ["overwrites rows of table a (all)"], self.statements("c.execute('UPDATE a SET b = 1')")
        )

    def test_update_of_one_row(self) -> None:
        one = "'UPDATE a SET b = 1 WHERE id = %s'"
        self.assertIn("(some)", self.statements(f"c.execute({one}, [X])")[0])
        self.assertIn("(some)", self.statements(f"c.executemany({one}, X)")[0])
        self.assertIn("(one)", self.statements(f"c.execute({one}, [1])")[0])
        self.assertIn(
            "(some)", self.statements("c.execute(f'UPDATE a SET b = 1 WHERE id = {X}')")[0]
        )

    def test_update_of_a_table_that_the_function_makes(self) -> None:
        made = "c.execute('CREATE TEMP TABLE t (a int)')\nc.execute('UPDATE t SET a = 1')"
        self.assertEqual(
            ["makes table t ()", "makes room in column t.a (int)"], self.statements(made)
        )

    def test_functions_of_psycopg(self) -> None:
        call = "execute_values(cursor, 'DELETE FROM a WHERE id IN (VALUES %s)', X)"
        self.check("deletes rows", (call, "from psycopg2.extras import execute_values"))
        self.check("nothing", (call, "from x import execute_values"))

    def test_copy(self) -> None:
        self.check("deletes rows", ("c.copy('COPY (DELETE FROM a RETURNING *) TO STDOUT')",))
        self.check("nothing", ("X.copy(Y)",), ("shutil.copy('a', 'b')",))

    def test_operation_run_backwards(self) -> None:
        self.check("runs an operation", ("X.database_backwards(1, 2, 3, 4)",))

    def test_rows_of_other_services(self) -> None:
        made = 'import boto3\ns3 = boto3.resource("s3")'
        self.check(
            "nothing", ('s3.Object("a", "b").delete()', made), ('s3.all["x"].delete()', made)
        )
        self.check("deletes rows", ("X().y.delete()", made), ("[1][0].delete()", made))
