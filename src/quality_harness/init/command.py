"""The command `quality-harness init`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from quality_harness import engine
from quality_harness.config import TABLE
from quality_harness.gate import CouldNotRun
from quality_harness.init import summary, table, tools
from quality_harness.init.choosing import LOADING, Choice, choose
from quality_harness.init.found import Found
from quality_harness.init.looking import look
from quality_harness.init.planning import Plan, Planned, plan, read_text
from quality_harness.init.rehearsing import Rehearsal, rehearse
from quality_harness.init.writing import ask, write_agreed
from quality_harness.tool import require


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("--dry-run", action="store_true", help="show the diff and write nothing")
    parser.add_argument("--yes", action="store_true", help="write everything, without asking")
    parser.add_argument(
        "--tests", action="store_true", help="also gates that load the project and run its tests"
    )


@dataclass(frozen=True)
class Proposal:
    """What one run proposes.

    Attributes:
        found: the project.
        plan: the files, baselines included.
        rehearsal: what the trial has shown.
    """

    found: Found
    plan: Plan
    rehearsal: Rehearsal


Progress = Callable[[], AbstractContextManager[engine.OnResult]]


def run(arguments: argparse.Namespace, root: Path, progress: Progress) -> int:
    """Look at the project, show what would be written, and write what is agreed.

    Args:
        arguments: the parsed command line.
        root: the project's root.
        progress: shows how far the trial is, while it goes on.

    Raises:
        CouldNotRun: nobody can be asked, or the project cannot be looked at.
    """
    if not (arguments.dry_run or arguments.yes or sys.stdin.isatty()):
        raise CouldNotRun(
            "There is no terminal to ask on. Say --yes to write everything, or --dry-run to see it."
        )
    for package in ("packaging", "tomlkit"):
        require(package, "init")
    with progress() as on_result:
        proposal = propose(root, tests=arguments.tests, on_result=on_result)
    print(summary.about_project(proposal.found), end="\n\n")
    tried = proposal.rehearsal
    print(summary.about_gates(tried.choices, tried.first, tried.unseen), end="\n\n")
    files = [one for one in proposal.plan.files if one.is_written]
    written = write_agreed(root, files, _agree(arguments), print)
    print(_outcome(files, written, dry_run=arguments.dry_run))
    if rest := summary.about_rest(proposal.plan):
        print(rest)
    if files:
        print(summary.about_first_run(tried.first, tried.unseen))
    return 0


def _agree(arguments: argparse.Namespace) -> Callable[[str], bool]:
    if arguments.dry_run:
        return lambda path: False
    if arguments.yes:
        return lambda path: True
    return lambda path: ask(f"Write {path}?")


def _outcome(files: Sequence[Planned], written: Sequence[str], *, dry_run: bool) -> str:
    if not files:
        return "Nothing to write: all is as init would write it."
    if dry_run:
        return f"Would write: {', '.join(one.path for one in files)}"
    left = [one.path for one in files if one.path not in written]
    lines = [f"Written: {', '.join(written) or 'nothing'}"]
    if left:
        lines.append(f"Not written: {', '.join(left)}")
    if tools.FILE in written:
        lines.append(f"Install what the gates need: pip install -r {tools.FILE}")
    return "\n".join(lines)


def propose(root: Path, *, tests: bool, on_result: engine.OnResult = engine.ignore) -> Proposal:
    """Return what to write into a project; nothing is written into it.

    Args:
        root: the project's root.
        tests: whether gates that load the project may be switched on.
        on_result: called as each gate of the trial ends.
    """
    found = look(root)
    pyproject = table.Pyproject(read_text(root, table.FILE))
    earlier = tuple(pyproject.settings.get("gates", ()))
    gates = engine.discover_gates()
    # What a run with --tests has switched on, one without does not switch off.
    loading = tests or any(name in LOADING for name in earlier)
    choices = choose(found, gates, loading=loading)
    if pyproject.is_theirs:
        branch = str(pyproject.settings.get("default_branch", found.default_branch))
        found = replace(found, default_branch=branch)
        choices = _as_theirs(choices, earlier)
    rehearsal = rehearse(found, choices, earlier, lambda kept: plan(found, kept).texts(), on_result)
    planned = plan(found, rehearsal.choices, rehearsal.accepted)
    baselines = [
        Planned(path, read_text(root, path), text) for path, text in rehearsal.files.items()
    ]
    return Proposal(found, Plan((*planned.files, *baselines), planned.notes), rehearsal)


def _as_theirs(choices: Sequence[Choice], earlier: Sequence[str]) -> tuple[Choice, ...]:
    """Return choices as the project's own table has taken them."""
    if not earlier:
        names = ", ".join(f'"{choice.gate}"' for choice in choices if not choice.off)
        raise CouldNotRun(
            f"[{TABLE}] in {table.FILE} is yours and names no gates. Add: gates = [{names}]"
        )
    left = "your table does not name it in gates"
    return tuple(
        Choice(one.gate, "" if one.gate in earlier else one.off or left) for one in choices
    )
