"""argv in, exit code out: 0 clean, 1 findings, 2 could not run."""

import argparse
import gc
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from quality_harness import engine, report
from quality_harness.changes import find_changes
from quality_harness.config import project_root
from quality_harness.gate import CouldNotRun, Report, Result, Verdict


def main(argv: Sequence[str]) -> int:
    """Run the command and return its exit code.

    Args:
        argv: the arguments after the command's name.
    """
    arguments = _parser(argv[0] if argv else "").parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except CouldNotRun as error:
        problem = str(error)
    except OSError as error:
        problem = f"{error.strerror or error}: {error.filename or 'no file named'}."
    except (Exception, SystemExit) as error:
        # No part of ours ends the process, and what a library ends with is no verdict.
        from traceback import extract_tb

        where = extract_tb(error.__traceback__)[-1]
        problem = (
            f"This is a defect of quality-harness: {type(error).__name__}: {error} "
            f"({Path(where.filename).name}:{where.lineno}). Please report it."
        )
    _report_problem(getattr(arguments, "format", "console"), problem)
    return Verdict.COULD_NOT_RUN.exit_code


def run() -> None:
    """Run as a console script."""
    # What is read is needed to the end. Python would look through all of it many times.
    gc.set_threshold(100_000)
    for stream in (sys.stdout, sys.stderr):
        # A path that the terminal's encoding lacks must not end the report.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        print("quality-harness: interrupted.", file=sys.stderr)
        code = INTERRUPTED
    # The process ends: looking through everything for what could be collected is lost time.
    gc.freeze()
    sys.exit(code)


# 128 and the number of SIGINT, as shells have it.
INTERRUPTED = 130


EXIT_CODES = "Exit codes: 0 clean, 1 findings, 2 could not run."


def _version() -> str:
    from importlib.metadata import version

    return f"quality-harness {version('django-quality-harness')}"


def _parser(called: str) -> argparse.ArgumentParser:
    """Return the parser; a command's module is imported where that command is called."""
    parser = argparse.ArgumentParser(
        prog="quality-harness",
        description="Gates that make a Django project prove it is fit to merge and fit to ship.",
        epilog=EXIT_CODES,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=_version() if called == "--version" else "",
        help="print the version and exit",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_gate_commands(commands)
    init = commands.add_parser("init", epilog=EXIT_CODES, help="bring the gates to a project")
    if called == "init":
        from quality_harness.init.command import add_arguments as add_init

        add_init(init)
    init.set_defaults(run=_init)
    migrations = commands.add_parser(
        "migrations", epilog=EXIT_CODES, help="check the migrations of any tree"
    )
    if called == "migrations":
        from quality_harness.migrations.command import add_arguments as add_migrations

        add_migrations(migrations)
    _add_output(migrations)
    migrations.set_defaults(run=_migrations)
    _add_prove(commands)
    explained = commands.add_parser(
        "explain", epilog=EXIT_CODES, help="what a rule or a gate is about"
    )
    explained.add_argument(
        "word",
        metavar="CODE-OR-NAME",
        help="a gate, or a rule by its code or name: migrations, MIG002, remove-field",
    )
    explained.set_defaults(run=_explain)
    services = commands.add_parser(
        "services", epilog=EXIT_CODES, help="PostgreSQL and Valkey from wheels"
    )
    if called == "services":
        from quality_harness.services import command as services_command

        services_command.add_arguments(services)
        services.set_defaults(run=services_command.run)
    load = commands.add_parser(
        "load", epilog=EXIT_CODES, help="load runs, their budgets and their comparison"
    )
    if called == "load":
        from quality_harness.load import command as load_command

        load_command.add_arguments(load)
        load.set_defaults(run=load_command.run)
    return parser


def _add_gate_commands(commands: Any) -> None:
    gate = commands.add_parser("gate", epilog=EXIT_CODES, help="run gates")
    gate.add_argument("names", nargs="*", metavar="NAME", help="all configured ones by default")
    gate.add_argument("--base", metavar="REV", help="what is new is what differs from REV")
    gate.add_argument("--all", action="store_true", help="look at all, not only at what is new")
    gate.add_argument("--fresh", action="store_true", help="run what is unchanged again, too")
    _add_output(gate)
    gate.set_defaults(run=_gate)
    baseline = commands.add_parser(
        "baseline", epilog=EXIT_CODES, help="accept what gates find today, or shrink that"
    )
    baseline.add_argument("names", nargs="*", metavar="NAME", help="all configured ones by default")
    baseline.add_argument("--reason", default="", help="why the findings are accepted")
    baseline.set_defaults(run=_baseline)


def _add_prove(commands: Any) -> None:
    prove = commands.add_parser(
        "prove", epilog=EXIT_CODES, help="run the old models on the new schema"
    )
    prove.add_argument("--base", metavar="REV", help="what is new is what differs from REV")
    prove.add_argument("--all", action="store_true", help="prove all, not only what is new")
    prove.add_argument(
        "--base-tests", action="store_true", help="run the base's tests on the new schema, too"
    )
    _add_output(prove)
    prove.set_defaults(run=_prove)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=sorted(report.FORMATS),
        default="console",
        help="what the report is written as: for people (default: console), CI or other programs",
    )
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the report to FILE")


def _gate(arguments: argparse.Namespace) -> int:
    root = project_root(Path.cwd())
    request = engine.Request(
        root,
        tuple(arguments.names),
        arguments.base,
        arguments.all,
        arguments.fresh,
        changed_lines=arguments.format == "github",
    )
    with _progress() as on_result:
        found = engine.run(request, engine.discover_gates(), on_result)
    return _write(found, arguments)


def _prove(arguments: argparse.Namespace) -> int:
    from functools import partial

    from quality_harness.gates import prove as prove_gate

    check = partial(prove_gate.check_project, base_tests=arguments.base_tests)
    gates = [
        replace(gate, check=check) if gate is prove_gate.GATE else gate
        for gate in engine.discover_gates()
    ]
    request = engine.Request(
        project_root(Path.cwd()), ("prove",), arguments.base, arguments.all, fresh=True
    )
    with _progress() as on_result:
        found = engine.run(request, gates, on_result)
    return _write(found, arguments)


def _baseline(arguments: argparse.Namespace) -> int:
    request = engine.Request(project_root(Path.cwd()), tuple(arguments.names))
    reason = arguments.reason.strip() or f"there before {date.today()}"
    with _progress() as on_result:
        path, rows = engine.write_baseline(request, engine.discover_gates(), reason, on_result)
    print(f"{path.name}: {sum(row.count for row in rows)} findings accepted in {len(rows)} rows")
    return 0


def _init(arguments: argparse.Namespace) -> int:
    from quality_harness.init import command

    return command.run(arguments, project_root(Path.cwd()), _progress)


def _migrations(arguments: argparse.Namespace) -> int:
    from quality_harness.gates.migrations import GATE
    from quality_harness.migrations.command import check_tree

    root = _common_root(arguments.paths)
    changes = find_changes(root, arguments.base, "") if arguments.base is not None else None
    found = engine.run_check(
        GATE,
        root,
        lambda: check_tree(root, arguments.paths, changes),
    )
    return _write(replace(found, base=changes.label if changes else ""), arguments)


def _common_root(paths: Sequence[Path]) -> Path:
    """Return the current folder, or the one that holds the paths where they lie elsewhere."""
    here = Path.cwd()
    places = [Path(os.path.abspath(path)) for path in paths]
    if all(place.is_relative_to(here) for place in places):
        return here
    common = Path(os.path.commonpath(places))
    return common if common.is_dir() else common.parent


def _explain(arguments: argparse.Namespace) -> int:
    from quality_harness.explain import explain

    print(explain(arguments.word, engine.discover_gates()))
    return 0


def _write(found: Report, arguments: argparse.Namespace) -> int:
    """Write the report and return its exit code."""
    if arguments.format == "console":
        colour = arguments.output is None and _is_terminal()
        from quality_harness.report import console

        text = console.render(found, colour=colour)
    else:
        text = report.FORMATS[arguments.format](found)
    try:
        if arguments.output is None:
            print(text, flush=True)
        else:
            arguments.output.write_text(f"{text}\n", encoding="utf-8")
        if arguments.format == "github" and (summary := os.environ.get("GITHUB_STEP_SUMMARY")):
            from quality_harness.report import github

            github.append_summary(found, Path(summary))
    except BrokenPipeError:
        # Whoever reads the report has seen enough; Python must not try to write it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise CouldNotRun(f"The report cannot be written: {error}") from error
    return found.verdict.exit_code


def _report_problem(form: str, problem: str) -> None:
    if form in report.PROBLEMS:
        print(report.PROBLEMS[form](problem))
    print(f"quality-harness: {problem}", file=sys.stderr)


def _is_terminal() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


@contextmanager
def _progress() -> Iterator[engine.OnResult]:
    """Show on a terminal which gates have ended; show nothing in a pipe."""
    if not sys.stderr.isatty():
        yield engine.ignore
        return
    from rich.console import Console

    ended: list[str] = []
    with Console(stderr=True).status("running the gates") as status:

        def show(result: Result) -> None:
            ended.append(f"{result.gate} {result.verdict}")
            status.update(f"running the gates; ended: {', '.join(ended)}")

        yield show


if __name__ == "__main__":
    run()
