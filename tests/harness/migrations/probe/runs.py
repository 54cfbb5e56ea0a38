"""Runs the probe's own process on a tree of apps that a test writes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from textwrap import dedent

import coverage

from benchmarks._probe_trees import wish_for
from quality_harness import services
from quality_harness.migrations.probe.evidence import Answer, Proof, Wish

REPOSITORY = Path(__file__).parents[4]
HEAD = """\
import django.db.models.deletion
from django.db import migrations, models
from django.contrib.postgres.operations import AddIndexConcurrently

ITEM = [
    ("id", models.BigAutoField(primary_key=True)),
    ("title", models.CharField(max_length=50)),
    ("note", models.CharField(max_length=20, null=True)),
    ("size", models.IntegerField(default=0)),
]

"""


def migration(operations: str, *, before: str = "", dependencies: str = "[]", atomic: bool = True):
    """Return the text of a migration."""
    return (
        f"{HEAD}{dedent(before)}\n\nclass Migration(migrations.Migration):\n"
        f"    atomic = {atomic}\n    dependencies = {dependencies}\n    operations = {operations}\n"
    )


def app(
    name: str, operations: str, *, models: str = "", dependencies_of: str = "0001_initial", **more
) -> dict[str, str]:
    """Return the files of an app with a model Item, and a migration 0002_change.

    Args:
        name: the app's label.
        operations: those of 0002_change, as an expression.
        models: more operations of 0001_initial.
        dependencies_of: what 0002_change follows.
        more: for `migration`.
    """
    first = f"[migrations.CreateModel('Item', ITEM), {models}]"
    return {
        f"{name}/__init__.py": "",
        f"{name}/migrations/__init__.py": "",
        f"{name}/migrations/0001_initial.py": migration(first),
        f"{name}/migrations/0002_change.py": migration(
            operations, dependencies=f"[('{name}', '{dependencies_of}')]", **more
        ),
    }


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write files."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def probe(files: Mapping[str, str], *, base: set[str] | None = None, **changes) -> Answer:
    """Prove the migrations of a tree.

    Args:
        files: the tree's.
        base: those of them that were there before; all 0001 by default.
        changes: to what is asked for.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write(root, files)
        if base is None:
            base = {name for name in files if "0002" not in name}
        wish = wish_for(root, sorted(files), base, services.database_url("test", REPOSITORY))
        return run(replace(wish, **changes))


def command(wish: Wish, folder: Path) -> list[str]:
    """Return the command line of the probe's process; it is measured where this one is."""
    asked = folder / "wish.json"
    asked.write_text(json.dumps(asdict(wish)), encoding="utf-8")
    measured = ["-m", "coverage", "run"] if coverage.Coverage.current() else []
    child = ["-m", "quality_harness.migrations.probe.child", str(asked), f"{folder}/answer.json"]
    return [sys.executable, *measured, *child]


def environment(wish: Wish) -> dict[str, str]:
    """Return the variables of the probe's process."""
    variables = {name: text for name, text in os.environ.items() if not name.startswith("DJANGO")}
    return variables | {"PYTHONPATH": os.pathsep.join([wish.root, str(REPOSITORY / "src")])}


def run(wish: Wish) -> Answer:
    """Run the probe's process and return its answer."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command(wish, Path(folder)),
            cwd=REPOSITORY,
            env=environment(wish),
            capture_output=True,
            text=True,
            check=False,
        )
        target = Path(folder, "answer.json")
        if not target.exists():
            raise AssertionError(done.stderr)
        return Answer.from_json(json.loads(target.read_text(encoding="utf-8")))


def codes(proof: Proof) -> list[str]:
    """Return the codes of what was seen, each once, sorted."""
    return sorted({evidence.code for evidence in proof.evidence})


def wait_for(flag: Path) -> None:
    """Wait until a migration has made the file `flag`."""
    deadline = time.monotonic() + 60
    while not flag.exists():
        if time.monotonic() > deadline:
            raise AssertionError("The probe did not come to its migration.")
        time.sleep(0.05)
