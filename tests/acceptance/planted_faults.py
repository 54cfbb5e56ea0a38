"""Plants a fault for each gate in a clone and sees that gate, and no other, go red.

    python -m tests.acceptance.planted_faults [NAME ...]

Run it by `make accept`. Each fault is one change to the reference app or its tests; after it is
taken back, all gates must be green again. Exits 1 where a gate judges otherwise.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Fault:
    """A change and the one gate that must refuse it.

    Attributes:
        name: on the command line and in the table.
        gate: the gate that must go red.
        plant: makes the change in the clone at the path given.
    """

    name: str
    gate: str
    plant: Callable[[Path], None]


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


def _untested_branch(clone: Path) -> None:
    _append(
        clone / "reference_app/common/models.py",
        '\n\nSIGN = "positive" if 1 else "negative"\nif SIGN == "negative":\n    SIGN = "-"\n',
    )


FAULTS = (
    Fault("unformatted-file", "format", _unformatted_file),
    Fault("unused-import", "lint", _unused_import),
    Fault("broken-contract", "imports", _broken_contract),
    Fault("model-without-migration", "missing-migrations", _model_without_migration),
    Fault("remove-field", "migrations", _remove_field),
    Fault("tests_blog.py", "test-collection", _misnamed_test_file),
    Fault("failing-test", "tests", _failing_test),
    Fault("time-bomb", "clocks", _time_bomb),
    Fault("untested-branch", "coverage", _untested_branch),
)


def main(names: list[str]) -> int:
    """Plant the named faults, all by default, and return the exit code."""
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
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
    _make_migration(clone, "legacy")
    _run(clone, ["git", "add", "--all"])
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    _run(clone, ["git", *identity, "commit", "--quiet", "-m", "feat: a field to remove"])
    return clone


def _make_migration(clone: Path, name: str) -> None:
    manage = [sys.executable, "reference_app/manage.py", "makemigrations", "blog", f"--name={name}"]
    _run(clone, [*manage, "--settings=config.settings.test", "--verbosity=0"])
    _run(clone, [sys.executable, "-m", "black", "--quiet", "reference_app/blog/migrations"])


def _judged_rightly(clone: Path, fault: Fault | None) -> bool:
    """Plant the fault, run all gates, take it back; without a fault all must be green."""
    if fault:
        fault.plant(clone)
    start = time.perf_counter()
    command = [sys.executable, "-m", "quality_harness.cli", "gate", "--base=HEAD", "--format=json"]
    code, printed = _run(clone, command, check=False)
    seconds = time.perf_counter() - start
    _run(clone, ["git", "reset", "--quiet", "--hard"])
    _run(clone, ["git", "clean", "--quiet", "--force", "-d"])
    verdicts = {gate["name"]: gate["verdict"] for gate in json.loads(printed)["gates"]}
    red = sorted(name for name, verdict in verdicts.items() if verdict != "pass")
    expected = [fault.gate] if fault else []
    right = red == expected and code == len(expected)
    name = fault.name if fault else "nothing planted"
    outcome = "ok" if right else f"WRONG, expected {expected or 'none'} and exit {len(expected)}"
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
