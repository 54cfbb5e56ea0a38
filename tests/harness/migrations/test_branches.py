"""Which branches of a function run, where the call that leads to it gives constants."""

from textwrap import dedent

from .test_following import FollowingCase

PURGE = """
    def purge(rows, dry_run, *rest, mode="all"):
        if {}:
            return rows.count()
        return rows.delete()
    """
ROWS = 'apps.get_model("blog", "Blog").objects.all()'
DELETES = "deletes rows"


class ConstantsTest(FollowingCase):
    def purge(self, test: str, given: str, before: str = "") -> tuple[str, str]:
        """Return a body that calls a function, which counts on a condition and else deletes."""
        return f"purge({ROWS}, {given})", dedent(PURGE.format(test)) + dedent(before)

    def test_what_a_constant_decides(self) -> None:
        modes = 'COUNTED, GONE = "counted", "gone"'
        self.check(
            "nothing",
            self.purge("dry_run", "True"),
            self.purge("dry_run", "dry_run=True"),
            self.purge("not dry_run", "0"),
            self.purge("dry_run is None", "None"),
            self.purge("dry_run is not None", '""'),
            self.purge("dry_run == COUNTED", "COUNTED", modes),
            self.purge("dry_run != GONE", '"counted"', modes),
            self.purge("dry_run in (COUNTED, 'asked')", "COUNTED", modes),
            self.purge("dry_run or rows.count() > 9", "True"),
            self.purge("dry_run and mode == COUNTED", "True, mode=COUNTED", modes),
        )
        self.check(
            DELETES,
            self.purge("dry_run", "False"),
            self.purge("dry_run == COUNTED", "GONE", modes),
            self.purge("dry_run and rows.count() > 9", "True"),
            self.purge("dry_run and mode == COUNTED", "True, mode=apps.mode", modes),
        )

    def test_what_no_constant_decides(self) -> None:
        self.check(
            DELETES,
            self.purge("dry_run", "apps.ready"),
            self.purge("dry_run", "*[True]"),
            self.purge("dry_run", "True, **{'mode': 'all'}"),
            self.purge("dry_run", "bool(1)"),
            self.purge("dry_run", "MODES[0]", "MODES = [True]"),
            self.purge("mode == 'all'", "True"),
            self.purge("dry_run is True", "1"),
            self.purge("dry_run is COUNTED", "COUNTED", "COUNTED = 'counted'"),
            self.purge("len(dry_run) > 1", "'counted'"),
            self.purge("dry_run > 0", "1"),
            self.purge("dry_run == len", "1"),
        )

    def test_constants_that_something_else_gives_a_value(self) -> None:
        for before in (
            "MODE = True\nif apps_are_new():\n    MODE = False",
            "MODE = True\nMODE = True",
            "for MODE in (True,):\n    pass",
            "MODE = True\ndef other():\n    global MODE\n    MODE = False",
            "MODE = True\ntry:\n    pass\nexcept ValueError as MODE:\n    pass",
            "MODE = True\nif (MODE := False):\n    pass",
            "MODE = True\ndel MODE",
            "MODE = True\nmatch MODES:\n    case [*MODE]:\n        pass",
            "MODE = True\nmatch MODES:\n    case {**MODE}:\n        pass",
            "from blog.modes import *\nMODE = True",
            "if apps_are_new():\n    MODE = True",
        ):
            self.check(DELETES, self.purge("dry_run", "MODE", before))
        self.check("nothing", self.purge("dry_run", "MODE", "MODE: bool = True"))

    def test_parameters_that_the_body_binds(self) -> None:
        for line in (
            "dry_run = rows.exists()",
            "dry_run += 1",
            "print(dry_run := False)",
            "def later():\n        nonlocal dry_run\n        dry_run = False\n    later()",
            "for dry_run in rows:\n        pass",
        ):
            purge = (
                f"def purge(rows, dry_run):\n    {line}\n    if not dry_run:\n        rows.delete()"
            )
            self.check(DELETES, (f"purge({ROWS}, True)", purge))
        handed = purge.replace(line, "print(dry_run)")
        self.check("nothing", (f"purge({ROWS}, True)", handed))

    def test_constants_of_other_files(self) -> None:
        body, before = self.purge("dry_run == GONE", "GONE", "from blog.modes import GONE")
        modes = {"blog/modes.py": "GONE = 'gone'"}
        self.check("nothing", (body, before), **modes)
        changed = {"blog/modes.py": "GONE = 'gone'\ndef other():\n    global GONE\n    GONE = ''"}
        self.check(DELETES, (body, before), **changed)

    def test_constants_that_are_handed_on(self) -> None:
        handed = "def hand_on(rows, dry_run):\n    purge(rows, dry_run)"
        name, before = self.purge("dry_run", "True", handed)
        body = name.replace("purge", "hand_on")
        self.check("nothing", (body, before))
        twice = body.replace("True", "bool(1)") + "\n" + body
        self.check(DELETES, (body + "\n" + body.replace("True", "apps.x"), before), (twice, before))
        other = before.replace("    purge", "    dry_run = not dry_run\n    purge")
        self.check(DELETES, (body, other))
        decorated = before.replace("def purge", "@forced\ndef purge")
        self.check(DELETES, (body, decorated))
        spread = "def hand_on(*given):\n    purge(*given)"
        self.check(DELETES, (body, self.purge("dry_run", "True", spread)[1]))

    def test_names_of_a_class_are_not_what_its_methods_see(self) -> None:
        steps = """
            class Steps:
                MODE = True

                def run(self, rows):
                    purge(rows, MODE)
            """
        _, before = self.purge("dry_run", "MODE", "MODE = False" + dedent(steps))
        self.check(DELETES, (f"Steps().run({ROWS})", before))

    def test_partials(self) -> None:
        step = """
            from functools import partial

            def step(apps, schema_editor, mode):
                if mode == "all":
                    ROWS.delete()

            class Migration(migrations.Migration):
                operations = [migrations.RunPython(partial(step, mode=MODE), step)]
            """
        step = dedent(step).replace("ROWS", ROWS)
        for mode, wanted in (('"none"', []), ('"all"', [DELETES]), ("mode()", [DELETES])):
            with self.subTest(mode):
                self.paths = []
                text = f"from django.db import migrations\n{step.replace('MODE', mode)}"
                self.write("blog/migrations/0002_x.py", text)
                forwards = self.read().operations[0]
                self.assertEqual([each.does for each in forwards.deeds], wanted)
        decorated = "from django.db import migrations\n" + step.replace("def", "@forced\ndef")
        self.paths = []
        self.write("blog/migrations/0002_x.py", decorated.replace("MODE", '"none"'))
        self.assertTrue(self.read().operations[0].deeds)

    def test_partials_that_are_called(self) -> None:
        partial = "from functools import partial\ncount = partial(purge, dry_run=True)"
        _, before = self.purge("dry_run", "", partial)
        self.check("nothing", (f"count({ROWS})", before))
        self.check(
            DELETES,
            (f"count({ROWS}, dry_run=False)", before),
            (f"count({ROWS}, **apps.options)", before),
            (f"pool.submit(count, {ROWS})", before),
        )

    def test_partials_of_classes(self) -> None:
        step = """
            from functools import partial

            class Step(migrations.RunPython):
                def __init__(self, mode):
                    super().__init__(partial(walk, mode=mode), migrations.RunPython.noop)

            def walk(apps, schema_editor, mode):
                if mode != "none":
                    ROWS.delete()

            Kept = partial(Step, mode="none")
            """
        before = dedent(step).replace("ROWS", ROWS)
        for made, count in (("Step('none')", 0), ("Step('all')", 1), ("Kept()", 1)):
            self.paths = []
            found = self.operations(f"[{made}]", before=before)
            self.assertEqual(sum(len(each.deeds) for each in found), count, made)

    def test_constants_of_the_call_around(self) -> None:
        make = """
            def make(dry_run):
                def purge(rows):
                    if dry_run:
                        return
                    rows.delete()
                return purge
            """
        self.check("nothing", (f"make(True)({ROWS})", make))
        self.check(DELETES, (f"make(False)({ROWS})", make), (f"make(apps.x)({ROWS})", make))

    def test_functions_that_call_themselves(self) -> None:
        again = """
            def purge(rows, dry_run):
                if dry_run:
                    purge(rows, False)
                    return
                rows.delete()
            """
        around = """
            def purge(rows, dry_run):
                inner(rows, dry_run)

            def inner(rows, dry_run):
                if dry_run:
                    purge(rows, False)
                    return
                rows.delete()
            """
        body = f"purge({ROWS}, True)"
        self.check(DELETES, (body, again), (body, around))
        self.check("nothing", (body, again.replace("False", "True")))

    def test_both_ways_in_one_function(self) -> None:
        name, before = self.purge("dry_run", "True")
        self.check(DELETES, (f"{name}\n{name.replace('True', 'False')}", before))
