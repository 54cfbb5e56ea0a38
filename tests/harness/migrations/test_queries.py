"""Whether a function of a migration overwrites all rows, or some that it picks."""

from quality_harness.finding import Severity
from quality_harness.migrations.checking import check

from . import base
from .test_following import FollowingCase

BLOG = 'Blog = apps.get_model("blog", "Blog")\n'
LOOP = """
changed = []
for blog in {0}:
    if blog.title.startswith(" "):
        blog.title = blog.title.strip()
        changed.append(blog)
Blog.objects.bulk_update(changed, ["title"])
"""
SAVE = '\nfor blog in found:\n    blog.title = "a"\n    blog.save()'
PICKED = "Blog.objects.filter(views=0)"
TRIM = """
def trim(blog):
    blog.title = blog.title.strip()
    return blog
"""


class SeverityTest(FollowingCase):
    def test_picked_rows_are_a_warning(self) -> None:
        self.told(BLOG + LOOP.format(PICKED))
        self.write(base.PATH, base.TEXT)
        findings = check(self.reading()).findings
        (found,) = [each for each in findings if each.code == "MIG023"]
        self.assertIs(found.severity, Severity.WARNING)
        self.assertIn("overwrites title in rows that are there", found.message)


class PickedTest(FollowingCase):
    def picked(self, body: str) -> list[bool]:
        """Return of each overwriting call whether its rows are picked."""
        self.told(BLOG + body, TRIM)
        return [deed.picked for each in self.read().operations for deed in each.overwrites]

    def check_picked(self, wanted: list[bool], *bodies: str) -> None:
        for body in bodies:
            with self.subTest(body):
                self.assertEqual(wanted, self.picked(body))

    def test_rows_of_a_list(self) -> None:
        for rows, wanted in ((PICKED, [True]), ("Blog.objects.all()", [False])):
            self.check_picked(
                wanted,
                LOOP.format(rows),
                f'Blog.objects.bulk_update([b for b in {rows} if trim(b)], ["title"])',
                f'Blog.objects.bulk_update((trim(b) for b in {rows}), ["title"])',
                f'Blog.objects.bulk_update({{b for b in {rows}}}, ["title"])',
                f'found = [b for b in {rows}]\nBlog.objects.bulk_update(found, ["title"])',
            )

    def test_one_row_in_a_list(self) -> None:
        self.check_picked(
            [True], f'Blog.objects.bulk_update([{PICKED}.first()], ["title"])',
            'Blog.objects.bulk_update([Blog.objects.latest()], ["title"])',
        )  # fmt: skip

    def test_list_of_rows_from_two_places(self) -> None:
        more = f"Blog.objects.bulk_update([*{PICKED}, Blog.objects.get(views=9)], ['title'])"
        self.check_picked([True], more)
        self.check_picked([False], more.replace("get(views=9)", "get()"))

    def test_objects_that_are_made_with_a_key(self) -> None:
        loop = "found = []\nfor key in keys():\n    found.append({0})\n"
        update = 'Blog.objects.bulk_update(found, ["title"])'
        for made in ("Blog(pk=key)", "Blog(id=key)", "Blog(key)", "Blog(**key)"):
            self.check_picked([True], loop.format(made) + update)
        self.check_picked([], loop.format("Blog(title=key)") + update)
        self.check_picked([], loop.format("Blog.objects.create(title=key)") + update)

    def test_made_or_found(self) -> None:
        for made in ("Blog.objects.create()", "Blog(title='')"):
            body = f"if {{}}:\n    found = {PICKED}.get()\nelse:\n    found = {made}\n"
            body += "found.title = 'a'\nfound.save()"
            self.check_picked([True], body.format("x()"))
        body = "if x():\n    found = Blog(title='')\nelse:\n    found = Blog.objects.get(views=0)\n"
        self.check_picked([True], body + "found.title = 'a'\nfound.save()")

    def test_queries_that_are_joined(self) -> None:
        none = "found = Blog.objects.none()\nfor number in [1, 2]:\n    found |= "
        self.check_picked([True], f"{none}Blog.objects.filter(views=number){SAVE}")
        self.check_picked([False], f"{none}Blog.objects.all(){SAVE}")

    def test_row_that_is_got_or_created(self) -> None:
        save = "\nblog.title = 'a'\nblog.save()"
        self.check_picked(
            [True], f"blog, _ = Blog.objects.get_or_create(slug=x(), defaults=x()){save}",
            f"blog, _ = Blog.objects.get_or_create(**x()){save}",
            f"blog = Blog.objects.last(){save}",
        )  # fmt: skip
        self.check_picked([False], f"blog, _ = Blog.objects.get_or_create(defaults=x()){save}")
        self.check_picked([], f"blog, _ = Blog.objects.get_or_create(slug='a'){save}")

    def test_list_is_no_queryset(self) -> None:
        fill = f"found = []\nfor blog in {PICKED}:\n    found.append(blog.owner)\n"
        for call in ("found.clear()", "found.remove(1)", "found.update(title=1)"):
            self.assertEqual([], self.told(BLOG + fill + call))
        self.assertEqual([], self.told(BLOG + f"found = {PICKED}.count()\nfound.update(title=1)"))
