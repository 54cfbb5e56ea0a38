"""A repository with hundreds of migrations, and how long the command takes with a new one."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.sample_repository import git, write_files
from quality_harness.tool import WORK_FOLDER

APPS = 14
PER_APP = 20
RUNS = 7
NEW = f"app_0/migrations/{PER_APP + 1:04}_new.py"
_FOUND = "MIG002"

_HEAD = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [{dependencies}]
    operations = [
{operations}
    ]
"""
_MODEL = """\
        migrations.CreateModel(
            name="{name}",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("body", models.TextField(blank=True, default="", help_text="What it says")),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("rank", models.PositiveIntegerField(db_index=True, default=0)),
            ],
            options={{"ordering": ["-created"], "verbose_name_plural": "{name}s"}},
        ),"""
_LATER = (
    '        migrations.AddField("entry", "f{n}", models.CharField(max_length=50, null=True)),',
    '        migrations.AlterField("entry", "title", models.CharField(max_length=20{n})),',
    '        migrations.AddIndex("page", models.Index(fields=["rank"], name="{app}_i{n}")),',
    '        migrations.RunSQL("CREATE TABLE {app}_t{n} (id int)", "DROP TABLE {app}_t{n}"),',
)
_MODULE = "\n\n".join(
    f'def view_{n}(request):\n    """Show one."""\n    return request.GET.get("x", {n})'
    for n in range(40)
)


@dataclass(frozen=True)
class Times:
    """How long the whole process takes: milliseconds by the clock and of processor time, git's too.

    Each is the least of several runs.

    Attributes:
        cold: nothing was read before.
        edited: the new migration is another one than in the run before.
        warm: all was read before.
    """

    cold: tuple[float, float]
    edited: tuple[float, float]
    warm: tuple[float, float]


def files() -> Mapping[str, str]:
    """Return the files of the repository's only commit."""
    found: dict[str, str] = {}
    for app in (f"app_{number}" for number in range(APPS)):
        found |= {f"{app}/{name}.py": _MODULE for name in ("models", "views", "forms", "api")}
        found |= {f"{app}/migrations/{name}.py": text for name, text in _migrations(app)}
    return found


def _migrations(app: str) -> Iterator[tuple[str, str]]:
    before = ""
    for number in range(1, PER_APP + 1):
        name = f"{number:04}_{'initial' if number == 1 else 'more'}"
        if number == 1:
            operations = "\n".join(_MODEL.format(name=each) for each in ("Entry", "Page", "Tag"))
        else:
            operations = _LATER[number % len(_LATER)].format(app=app, n=number)
        yield name, _HEAD.format(dependencies=before, operations=operations)
        before = f'("{app}", "{name}")'


def measure(root: Path) -> Times:
    """Make the repository in an empty folder and measure the command in it.

    Raises:
        RuntimeError: the command does not find what the new migration does.
    """
    git(root, "init", "--quiet", "--initial-branch", "main")
    write_files(files(), root)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "base")
    _write_new(root, 0)
    _run(root)  # writes Python's own bytecode, which an installation brings along

    def cold(number: int) -> None:
        shutil.rmtree(root / WORK_FOLDER)

    def edited(number: int) -> None:
        _write_new(root, number + 1)

    return Times(_least(root, cold), _least(root, edited), _least(root, lambda number: None))


def _least(root: Path, prepare: Callable[[int], None]) -> tuple[float, float]:
    times, cpu = [], []
    for number in range(RUNS):
        prepare(number)
        start, spent = time.perf_counter(), _spent()
        _run(root)
        times.append(time.perf_counter() - start)
        cpu.append(_spent() - spent)
    return round(min(times) * 1000, 1), round(min(cpu) * 1000, 1)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _write_new(root: Path, number: int) -> None:
    operations = f'        migrations.RemoveField("entry", "f4"),  # {number}'
    before = f'("app_0", "{PER_APP:04}_more")'
    (root / NEW).write_text(_HEAD.format(dependencies=before, operations=operations), "utf-8")


def _run(root: Path) -> None:
    unset = ("CI", "PYTHONDONTWRITEBYTECODE")
    done = subprocess.run(
        [sys.executable, "-m", "quality_harness.cli", "migrations", "--base", "HEAD"],
        cwd=root,
        env={name: text for name, text in os.environ.items() if name not in unset},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 1 or _FOUND not in done.stdout:
        raise RuntimeError(f"{_FOUND} was not found: {done.stdout} {done.stderr}")
