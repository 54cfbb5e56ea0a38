"""Which models a migration's function asks for, and which migrations it waits for."""

from quality_harness.migrations.checking import check

from .trees import TreeCase

GET = "apps.get_model({})"
FUNCTION = "def f(apps, schema_editor):\n    {}\n\n"


class AskingTest(TreeCase):
    def asked(self, body: str) -> tuple[str, ...]:
        run = "[migrations.RunPython(f, migrations.RunPython.noop)]"
        return self.operations(run, before=FUNCTION.format(body))[0].asked

    def test_ways_to_ask(self) -> None:
        for given in (
            "'staff', 'Editor'",
            "'staff.Editor'",
            "app_label='staff', model_name='Editor'",
            "'staff', model_name='Editor'",
        ):
            with self.subTest(given=given):
                self.assertEqual(("staff.editor",), self.asked(GET.format(given)))

    def test_what_is_not_told(self) -> None:
        for given in ("'staff'", "'staff', name()", "'a.b', 'c'", ""):
            with self.subTest(given=given):
                self.assertEqual((), self.asked(GET.format(given)))
        self.assertEqual((), self.asked("get_model('staff', 'Editor')"))

    def test_who_looks_first(self) -> None:
        get = GET.format("'staff', 'Editor'")
        for body in (
            f"if apps.is_installed('staff'): {get}",
            f"try: {get}\n    except: pass",
            f"try: {get}\n    except (LookupError, OSError): pass",
        ):
            with self.subTest(body=body):
                self.assertEqual((), self.asked(body))
        self.assertEqual(("staff.editor",), self.asked(f"try: {get}\n    except OSError: pass"))


class WaitingTest(TreeCase):
    def said(self, **more: str) -> list[str]:
        body = FUNCTION.format(GET.format("'staff', 'Editor'"))
        run = "[migrations.RunPython(f, migrations.RunPython.noop)]"
        self.migration(run, before=body, path="blog/migrations/0001_x.py", **more)
        return [each.code for each in check(self.reading()).findings if each.code == "MIG053"]

    def editor(self, **more: str) -> None:
        made = "[migrations.CreateModel('Editor', [])]"
        self.migration(made, path="staff/migrations/0001_x.py", **more)

    def test_circle(self) -> None:
        self.editor(dependencies="[('blog', '0001_x')]")
        self.assertEqual([], self.said(dependencies="[('staff', '0001_x')]"))

    def test_run_before_what_is_not_here(self) -> None:
        self.editor(run_before="[('news', '0001_x')]")
        self.assertEqual(["MIG053"], self.said())

    def test_squash_over_several_apps(self) -> None:
        self.editor()
        replaces = "[('blog', '0001_x'), ('blog', '0000_gone'), ('news', '0001_x')]"
        self.assertEqual(["MIG053"], self.said(replaces=replaces))

    def test_app_of_which_there_are_two(self) -> None:
        self.editor()
        self.migration("[]", path="other/staff/migrations/0001_x.py")
        self.assertEqual([], self.said())
