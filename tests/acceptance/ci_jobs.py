"""This repository's own ci.yml: whatever verb or job fails or is cancelled, "All green" is red.

The verbs themselves are the ones that people run; here a program stands in for `make`, and fails
where it is told to. The jobs, their order and the job that stands for all are the file's own.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from tests.acceptance import github
from tests.acceptance.events import Event, publish
from tests.acceptance.machine import ROOT, Machine, write_program
from tests.acceptance.scenario import Seed

FILE = ROOT / ".github/workflows/ci.yml"
# What `make test-django` measures is a file that the job uploads.
MAKE = """\
#!/bin/sh
test "$1" != "{failing}" || exit 2
test "$1" != test-django || touch .coverage.measured
"""
VERBS = (
    *(
        "setup",
        "gate",
        "types",
        "test-pytest",
        "test-django",
        "coverage",
        "e2e",
        "accept",
        "faults",
    ),
    "newest-django",
)


@dataclass(frozen=True)
class Trouble:
    """What goes wrong: a verb of `make` fails or a job is cancelled; without either, nothing."""

    verb: str = ""
    cancelled: str = ""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        if self.cancelled:
            return f"ci.yml, {self.cancelled} is cancelled"
        return f"ci.yml, make {self.verb} fails" if self.verb else "ci.yml, all is well"


def troubles() -> Iterator[Trouble]:
    """Yield all that is tried: every verb that the file calls, and every job."""
    yield Trouble()
    jobs = github.read_workflow(FILE)["jobs"]
    called = {
        words[1]
        for job in jobs.values()
        for step in job["steps"]
        if (words := step.get("run", "").split())[:1] == ["make"]
    }
    if unknown := called ^ set(VERBS):
        raise LookupError(f"ci.yml and this table differ in {', '.join(sorted(unknown))}")
    yield from (Trouble(verb=verb) for verb in VERBS)
    yield from (Trouble(cancelled=name) for name in jobs if name != "all-green")


def check(seed: Seed, machine: Machine, trouble: Trouble) -> tuple[list[str], str]:
    """Run the file with that trouble; return what is wrong, and a log."""
    folder = machine.folder / "case"
    folder.mkdir()
    programs = folder / "programs"
    programs.mkdir()
    write_program(programs / "make", MAKE.format(failing=trouble.verb))
    machine.programs = programs
    try:
        bare, branch = seed.copy(folder)
        branch.commit("chore: nothing")
        published = publish(branch.root, bare, Event())
        cancelled = (trouble.cancelled,) if trouble.cancelled else ()
        call = github.Call(published, cancelled=cancelled)
        runs = github.run_workflow(FILE, machine, folder / "github", call)
    finally:
        machine.programs = None
        shutil.rmtree(folder)
    results = {name: run.result for name, run in runs.items()}
    expected = "success" if trouble == Trouble() else "failure"
    wrong = [f"All green is {results['all-green']}"] if results["all-green"] != expected else []
    return wrong, str(results)
