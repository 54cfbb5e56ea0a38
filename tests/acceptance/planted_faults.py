"""Plants a fault for each gate in a clone and sees that gate, and no other, go red.

    python -m tests.acceptance.planted_faults [NAME ...]

Run it by `make faults`; `make accept` plants pull requests in a small project. Each fault is one
change to the reference app or its tests; after it is taken back, all gates must be green again.
Exits 1 where a gate judges otherwise.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Fault:
    """A change and the one gate that must refuse it, or a look-alike that none may refuse.

    Attributes:
        name: on the command line and in the table.
        gate: the gate that must go red; empty for a look-alike.
        plant: makes the change in the clone at the path given.
        proved: whether `prove` must go red beside it.
    """

    name: str
    gate: str
    plant: Callable[[Path], None]
    proved: bool = False

    @property
    def red(self) -> list[str]:
        """The gates that must go red."""
        return sorted(filter(None, [self.gate, "prove" if self.proved else ""]))


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{path} no longer holds {old!r}: mend the planted fault")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _unformatted_file(clone: Path) -> None:
    module = "config.settings.test"
    _replace(clone / "reference_app/manage.py", f'"{module}"', f"'{module}'")


def _unused_import(clone: Path) -> None:
    _replace(clone / "reference_app/blog/public.py", "import uuid", "import colorsys\nimport uuid")


def _broken_contract(clone: Path) -> None:
    _append(
        clone / "reference_app/common/models.py",
        "\n\nfrom blog.signals import blog_published  # noqa: E402, F401\n",
    )


def _model_without_migration(clone: Path) -> None:
    _append(
        clone / "reference_app/blog/models.py",
        '\n\nclass Planted(models.Model):\n    """A model that no migration creates."""\n\n'
        '    name = models.CharField(max_length=20, default="")\n',
    )


FIELD = '    legacy = models.CharField(max_length=20, default="", db_default="", blank=True)\n'


def _remove_field(clone: Path) -> None:
    _replace(clone / "reference_app/blog/models.py", FIELD, "")
    _make_migration(clone, "remove_legacy")


def _trigger_that_fails(clone: Path) -> None:
    """Write to a column that is not there, in a field that no test fills: only old code may."""
    _write_migration(clone, "NEW.heading := NEW.legacy;")


def _trigger_that_works(clone: Path) -> None:
    _write_migration(clone, "NEW.legacy := NEW.legacy;")


TRIGGER = '''\
from django.db import migrations

FORWARD = """
CREATE FUNCTION blog_copy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.legacy <> '' THEN
        {does}
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER blog_copy BEFORE INSERT OR UPDATE ON blog_tag
    FOR EACH ROW EXECUTE FUNCTION blog_copy();
"""
BACK = "DROP TRIGGER blog_copy ON blog_tag; DROP FUNCTION blog_copy();"


class Migration(migrations.Migration):
    """Copies what is written."""

    dependencies = [("blog", "{before}")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
'''


def _write_migration(clone: Path, does: str) -> None:
    folder = clone / "reference_app/blog/migrations"
    before = max(path.stem for path in folder.glob("0*.py"))
    text = TRIGGER.format(does=does, before=before)
    (folder / "0099_copy.py").write_text(text, encoding="utf-8")


def _misnamed_test_file(clone: Path) -> None:
    _write_test(clone / "tests/reference_app/unit/tests_blog.py", "1 + 1, 2")


def _failing_test(clone: Path) -> None:
    _write_test(clone / "tests/reference_app/unit/test_planted.py", "1 + 1, 3")


def _time_bomb(clone: Path) -> None:
    path = clone / "tests/reference_app/unit/test_planted.py"
    path.write_text(
        "import datetime\nimport unittest\n\n\nclass PlantedTests(unittest.TestCase):\n"
        "    def test_next_year(self):\n        today = datetime.date.today()\n"
        "        self.assertGreater(today.replace(year=today.year + 1), today)\n",
        encoding="utf-8",
    )


def _write_test(path: Path, compared: str) -> None:
    path.write_text(
        "import unittest\n\n\nclass PlantedTests(unittest.TestCase):\n"
        f"    def test_sum(self):\n        self.assertEqual({compared})\n",
        encoding="utf-8",
    )


def _test_that_asserts_nothing(clone: Path) -> None:
    _append(
        clone / "tests/reference_app/unit/test_metadata.py",
        "\n    def test_planted(self) -> None:\n        validate_metadata({})\n",
    )


def _untested_branch(clone: Path) -> None:
    _append(
        clone / "reference_app/common/models.py",
        '\n\nSIGN = "positive" if 1 else "negative"\nif SIGN == "negative":\n    SIGN = "-"\n',
    )


def _leaking_test(clone: Path) -> None:
    (clone / "tests/reference_app/unit/test_planted.py").write_text(
        "import os\nimport unittest\n\n\nclass PlantedTests(unittest.TestCase):\n"
        "    def test_mode(self):\n"
        '        os.environ["PLANTED_MODE"] = "fast"\n'
        '        self.assertEqual(os.environ["PLANTED_MODE"], "fast")\n',
        encoding="utf-8",
    )


def _new_route(clone: Path) -> None:
    old = '    path("favicon.ico", no_icon),\n'
    _replace(clone / "reference_app/config/urls.py", old, f'{old}    path("planted/", no_icon),\n')


def _commit(clone: Path, message: str) -> None:
    _run(clone, ["git", "add", "--all"])
    _run(clone, ["git", *IDENTITY, "commit", "--quiet", "--allow-empty", "-m", message])


def _unconventional_message(clone: Path) -> None:
    _commit(clone, "fixed stuff")


def _requirement_out_of_step(clone: Path) -> None:
    _append(clone / "requirements/load.in", "faker\n")


def _unsafe_setting(clone: Path) -> None:
    _append(
        clone / "reference_app/config/settings/production.py",
        '\nSTATICFILES_DIRS = ["/nowhere"]\n',
    )


def _dead_link(clone: Path) -> None:
    _append(clone / "README.md", "\n[how](docs/planted.md)\n")


def _large_file_in_history(clone: Path) -> None:
    (clone / "dump.bin").write_bytes(b"\0" * 600 * 1024)
    _commit(clone, "feat: a dump")
    (clone / "dump.bin").unlink()
    _commit(clone, "fix: no dump")


def _secret_in_history(clone: Path) -> None:
    # In two pieces, or this file would hold what looks like a secret.
    (clone / "planted.env").write_text("KEY=AKIA" + "QYLPMN5HHHFPZAM2\n", encoding="utf-8")
    _commit(clone, "feat: a key")
    (clone / "planted.env").unlink()
    _commit(clone, "fix: no key")


def _image_run_by_root(clone: Path) -> None:
    _replace(clone / "ci-templates/docker/Dockerfile", "USER 10001:10001\n", "")


def _aggregate_that_is_skipped(clone: Path) -> None:
    _replace(clone / ".github/workflows/ci.yml", "    if: always()\n", "")


IDENTITY = ("-c", "user.name=A", "-c", "user.email=a@example.org")
FAULTS = (
    Fault("unformatted-file", "format", _unformatted_file),
    Fault("unused-import", "lint", _unused_import),
    Fault("broken-contract", "imports", _broken_contract),
    Fault("model-without-migration", "missing-migrations", _model_without_migration),
    Fault("remove-field", "migrations", _remove_field, proved=True),
    Fault("trigger-that-fails", "prove", _trigger_that_fails),
    Fault("trigger-that-works", "", _trigger_that_works),
    Fault("tests_blog.py", "test-collection", _misnamed_test_file),
    Fault("failing-test", "tests", _failing_test),
    Fault("test-that-asserts-nothing", "test-honesty", _test_that_asserts_nothing),
    Fault("leaking-test", "isolation", _leaking_test),
    Fault("time-bomb", "clocks", _time_bomb),
    Fault("untested-branch", "coverage", _untested_branch),
    Fault("new-route", "endpoints", _new_route),
    Fault("unconventional-message", "commit-messages", _unconventional_message),
    Fault("requirement-out-of-step", "dependencies", _requirement_out_of_step),
    Fault("unsafe-setting", "deploy-settings", _unsafe_setting),
    Fault("dead-link", "docs-links", _dead_link),
    Fault("large-file-in-history", "large-files", _large_file_in_history),
    Fault("secret-in-history", "secrets", _secret_in_history),
    Fault("aggregate-that-is-skipped", "workflows", _aggregate_that_is_skipped),
    Fault("image-run-by-root", "containers", _image_run_by_root),
)


def chosen_faults(argv: Sequence[str]) -> list[Fault]:
    """Return the faults that the arguments name, all by default.

    A name that no fault has ends the process with 2 and the names there are: a run that plants
    nothing would pass.
    """
    parser = argparse.ArgumentParser(
        prog="make faults",
        usage='make faults [ARGS="NAME ..."]',
        description="Plant a fault for each gate in a clone and see that gate alone go red.",
    )
    names = [fault.name for fault in FAULTS]
    known = f"one of: {', '.join(names)}"
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{known} (default: all)")
    asked = parser.parse_args(argv).names
    unknown = [name for name in asked if name not in names]
    if unknown:
        parser.error(f"no fault is called {', '.join(unknown)}; NAME is {known}")
    return [fault for fault in FAULTS if not asked or fault.name in asked]


def main(argv: Sequence[str]) -> int:
    """Plant the named faults, all by default, and return the exit code."""
    chosen = chosen_faults(argv)
    with tempfile.TemporaryDirectory() as folder:
        clone = _clone(Path(folder, "clone"))
        try:
            wrong = [one for one in [None, *chosen, None] if not _judged_rightly(clone, one)]
        finally:
            _run(clone, [sys.executable, "-m", "quality_harness.cli", "services", "stop"])
    print(f"{len(chosen) + 2 - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


def _clone(clone: Path) -> Path:
    """Clone this repository, with a field that a fault can remove on the base."""
    _run(ROOT, ["git", "clone", "--quiet", str(ROOT), str(clone)])
    _replace(
        clone / "reference_app/blog/models.py",
        "    slug = models.SlugField(unique=True)\n",
        f"    slug = models.SlugField(unique=True)\n{FIELD}",
    )
    # What runs at night is asked as well, at one instant in place of all.
    _replace(clone / "pyproject.toml", "gates = [\n", 'gates = [\n    "clocks",\n')
    table = "[tool.quality_harness.clocks]\n"
    _replace(clone / "pyproject.toml", table, f'{table}instants = ["leap-day"]\n')
    _make_migration(clone, "legacy")
    _commit(clone, "feat: a field to remove")
    return clone


def _make_migration(clone: Path, name: str) -> None:
    manage = [sys.executable, "reference_app/manage.py", "makemigrations", "blog", f"--name={name}"]
    _run(clone, [*manage, "--settings=config.settings.test", "--verbosity=0"])
    _run(clone, [sys.executable, "-m", "black", "--quiet", "reference_app/blog/migrations"])


def _judged_rightly(clone: Path, fault: Fault | None) -> bool:
    """Plant the fault, run all gates, take it back; without a fault all must be green."""
    base = _run(clone, ["git", "rev-parse", "HEAD"])[1].strip()
    if fault:
        fault.plant(clone)
    start = time.perf_counter()
    command = [sys.executable, "-m", "quality_harness.cli", "gate", f"--base={base}"]
    code, printed = _run(clone, [*command, "--format=json"], check=False)
    seconds = time.perf_counter() - start
    _run(clone, ["git", "reset", "--quiet", "--hard", base])
    _run(clone, ["git", "clean", "--quiet", "--force", "-d"])
    verdicts = {gate["name"]: gate["verdict"] for gate in json.loads(printed)["gates"]}
    red = sorted(name for name, verdict in verdicts.items() if verdict != "pass")
    expected = fault.red if fault else []
    right = red == expected and code == bool(expected)
    name = fault.name if fault else "nothing planted"
    outcome = (
        "ok" if right else f"WRONG, expected {expected or 'none'} and exit {int(bool(expected))}"
    )
    print(f"{name:24} red: {', '.join(red) or 'none':20} exit {code}  {seconds:5.1f} s  {outcome}")
    if not right:
        print(printed)
    return right


def _run(folder: Path, command: list[str], *, check: bool = True) -> tuple[int, str]:
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(folder / "src")}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if check and done.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{done.stdout}")
    return done.returncode, done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
