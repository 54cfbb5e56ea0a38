"""`quality-harness load run|check|compare|worker`."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from quality_harness.gate import CouldNotRun, Verdict
from quality_harness.load import budgets as budget_files
from quality_harness.load import comparison, document, ratchet, report, running, target
from quality_harness.load.budgets import Budgets
from quality_harness.load.collected import Collected
from quality_harness.load.judging import Judgement, judge
from quality_harness.load.keeping import keep
from quality_harness.load.running import Plan, clean_environment, generate, measured_seconds

# How often what was measured so far is written, in case this process is killed.
KEEP_SECONDS = 5.0
PIPE_WIDTH = 120
GOING_ON = "The run was still going on when this was written."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    run_parser = actions.add_parser(
        "run", epilog=parser.epilog, help="make a run and hold it against its budgets"
    )
    _add_plan(run_parser)
    run_parser.add_argument("--host", required=True, help="where it runs: http://127.0.0.1:8000")
    run_parser.add_argument(
        "--budgets", type=Path, required=True, help="a TOML file of limits: budgets.toml"
    )
    run_parser.add_argument("--baseline", type=Path, help="hold it against this baseline, too")
    run_parser.set_defaults(act=run_load)
    check = actions.add_parser(
        "check", epilog=parser.epilog, help="hold a run that was made against budgets"
    )
    check.add_argument("result", type=Path, help="the result.json of a run")
    check.add_argument("--budgets", type=Path, help="a TOML file of limits: budgets.toml")
    check.add_argument("--baseline", type=Path, help="a baseline for each class of machine")
    check.add_argument("--update", action="store_true", help="write what got better into it")
    _add_format(check)
    check.set_defaults(act=check_result)
    compare = actions.add_parser(
        "compare", epilog=parser.epilog, help="whether B is slower than A, block by block"
    )
    _add_plan(compare)
    compare.add_argument("--a", required=True, help="the host of the one")
    compare.add_argument("--b", required=True, help="the host of the other")
    compare.add_argument(
        "--pairs",
        type=int,
        default=comparison.PAIRS,
        help=f"pairs of blocks (default: {comparison.PAIRS})",
    )
    compare.add_argument("--budgets", type=Path, help="its [target] is looked for at both hosts")
    compare.add_argument(
        "--tolerance",
        type=float,
        default=comparison.TOLERANCE,
        help=f"the share by which B may be slower (default: {comparison.TOLERANCE})",
    )
    compare.set_defaults(act=compare_hosts)
    worker = actions.add_parser(
        "worker", epilog=parser.epilog, help="make requests for a master on another machine"
    )
    worker.add_argument("--locustfile", "-f", type=Path, required=True, help="the scenarios")
    worker.add_argument("--master", required=True, help="its address and port: 10.0.0.5:5557")
    worker.add_argument("--processes", type=int, default=1, help="how many processes (default: 1)")
    worker.set_defaults(act=work)


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--locustfile", "-f", type=Path, required=True, help="the scenarios")
    parser.add_argument("--users", type=int, default=10, help="how many users (default: 10)")
    parser.add_argument("--spawn-rate", type=float, help="users a second (default: all at once)")
    parser.add_argument("--seconds", type=float, default=60, help="of the run, or of each block")
    parser.add_argument("--processes", type=int, default=1, help="processes here (default: 1)")
    parser.add_argument("--workers", type=int, default=0, help="processes on other machines")
    parser.add_argument("--bind", default="127.0.0.1:5557", help="where workers find this one")
    parser.add_argument("--tags", nargs="+", default=(), help="only tasks with one of these")
    parser.add_argument("--exclude-tags", nargs="+", default=(), help="no tasks with these")
    parser.add_argument("--classes", nargs="+", default=(), help="only these classes of users")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("load-results"),
        metavar="FOLDER",
        help="where the reports are written (default: load-results)",
    )
    _add_format(parser)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("console", "json"),
        default="console",
        help="what is printed: for people (default: console) or for programs",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code.

    Raises:
        CouldNotRun: what was asked for cannot be done.
    """
    return int(arguments.act(arguments))


def run_load(arguments: argparse.Namespace) -> int:
    """Make a run, judge it, and write its reports."""
    budgets = budget_files.read(arguments.budgets)
    _check_hosts([arguments.host], budgets.target)
    plan = _plan(arguments, (arguments.host,))
    found = _made(plan, arguments)
    if arguments.baseline:
        more = ratchet.limits(arguments.baseline, found)
        budgets = replace(budgets, limits=budgets.limits + more)
    _add_judgement(found, judge(found, budgets))
    return _finish(found, arguments)


def check_result(arguments: argparse.Namespace) -> int:
    """Judge a run that was made before."""
    found = document.read(arguments.result)
    if arguments.update:
        return _update(arguments.baseline, found)
    budgets = budget_files.read(arguments.budgets) if arguments.budgets else Budgets(())
    if arguments.baseline:
        more = ratchet.limits(arguments.baseline, found)
        budgets = replace(budgets, limits=budgets.limits + more)
    if not budgets.limits:
        raise CouldNotRun("Nothing to check: give --budgets or --baseline.")
    _add_judgement(found, judge(found, budgets))
    _show(found, arguments)
    return Verdict(found["verdict"]).exit_code


def _update(baseline: Path | None, found: dict[str, Any]) -> int:
    if baseline is None:
        raise CouldNotRun("--update needs the --baseline that it writes.")
    # A run that says nothing does not become what others are held against.
    doubts = judge(found, Budgets(())).problems
    if doubts:
        raise CouldNotRun(f"This run is no baseline: {doubts[0]}")
    keep(baseline, ratchet.update(baseline, found))
    print(f"{baseline} holds the best of {found['machine']}.")
    return 0


def compare_hosts(arguments: argparse.Namespace) -> int:
    """Ask A and B in turns, and say whether B is slower."""
    known = budget_files.read(arguments.budgets) if arguments.budgets else Budgets(())
    if arguments.pairs < comparison.FEWEST_PAIRS:
        raise CouldNotRun(f"--pairs has to be {comparison.FEWEST_PAIRS} or more.")
    _check_hosts([arguments.a, arguments.b], known.target)
    hosts = {"A": arguments.a, "B": arguments.b}
    letters = comparison.order(arguments.pairs)
    found = _made(_plan(arguments, tuple(hosts[letter] for letter in letters)), arguments)
    judged = judge(found, replace(known, limits=()))
    problems = list(judged.problems)
    ratios: tuple[comparison.Ratio, ...] = ()
    if found["complete"]:
        try:
            ratios = comparison.compare(found["blocks"], arguments.tolerance)
        except CouldNotRun as error:
            problems.append(str(error))
    found["comparison"] = [{**vars(ratio), "word": ratio.word} for ratio in ratios]
    found["doubts"] = problems
    slower = any(ratio.is_slower for ratio in ratios)
    verdict = Verdict.FAIL if slower else Verdict.PASS
    found["verdict"] = str(Verdict.COULD_NOT_RUN if problems else verdict)
    return _finish(found, arguments)


def work(arguments: argparse.Namespace) -> int:
    """Be a worker until the master ends the run; return Locust's exit code."""
    if not arguments.locustfile.is_file():
        raise CouldNotRun(f"There are no scenarios at {arguments.locustfile}.")
    address, _, port = arguments.master.rpartition(":")
    if not address or not port.isdecimal():
        raise CouldNotRun(f"--master {arguments.master}: write it as 10.0.0.5:5557.")
    command = [
        *(sys.executable, "-m", running.GENERATOR, "--worker"),
        *("--locustfile", str(arguments.locustfile)),
        *("--master-host", address, "--master-port", port),
        *(("--processes", str(arguments.processes)) if arguments.processes > 1 else ()),
    ]
    environment = clean_environment(os.environ)
    code = subprocess.run(command, env=environment, check=False).returncode
    return 0 if code == 0 else Verdict.COULD_NOT_RUN.exit_code


def _plan(arguments: argparse.Namespace, hosts: tuple[str, ...]) -> Plan:
    if not arguments.locustfile.is_file():
        raise CouldNotRun(f"There are no scenarios at {arguments.locustfile}.")
    for name in ("users", "seconds", "processes"):
        if getattr(arguments, name) <= 0:
            raise CouldNotRun(f"--{name} has to be above zero.")
    return Plan(
        arguments.locustfile,
        tuple(host.rstrip("/") for host in hosts),
        arguments.seconds,
        arguments.users,
        arguments.spawn_rate or arguments.users,
        arguments.processes,
        arguments.workers,
        arguments.bind,
        tuple(arguments.tags),
        tuple(arguments.exclude_tags),
        tuple(arguments.classes),
    )


def _check_hosts(hosts: Sequence[str], known: target.Target | None) -> None:
    for host in hosts:
        target.check(host, known or target.Target("/", ""))


def _made(plan: Plan, arguments: argparse.Namespace) -> dict[str, Any]:
    """Make the run and return its document; what is known so far is kept on the way."""
    path = arguments.output / "result.json"
    scenario = _scenario(plan)
    problems: list[str] = []
    kept_at = time.monotonic()

    def keep_some(collected: Collected) -> None:
        nonlocal kept_at
        if time.monotonic() - kept_at < KEEP_SECONDS or problems:
            return
        kept_at = time.monotonic()
        so_far = document.build(collected, [GOING_ON], plan.asked_seconds, scenario)
        try:
            keep(path, json.dumps(so_far))
        except CouldNotRun as error:
            problems.append(str(error))

    # What cannot be written at the end is better known before the run.
    keep(path, json.dumps(document.build(Collected(), [GOING_ON], plan.asked_seconds, scenario)))
    with _progress(plan.asked_seconds) as show:

        def on_event(collected: Collected) -> None:
            show(collected)
            keep_some(collected)

        made = generate(plan, on_event)
    return document.build(made.collected, made.problems + problems, plan.asked_seconds, scenario)


def _scenario(plan: Plan) -> str:
    chosen = [*plan.classes, *plan.tags, *(f"without {tag}" for tag in plan.exclude_tags)]
    return ", ".join([plan.locustfile.name, f"{plan.users} users", *chosen])


def _add_judgement(found: dict[str, Any], judgement: Judgement) -> None:
    found["verdict"] = str(judgement.verdict)
    found["doubts"] = list(judgement.problems)
    found["budgets"] = [row.to_json() for row in judgement.rows]


def _finish(found: dict[str, Any], arguments: argparse.Namespace) -> int:
    """Write the reports and show the run; return the exit code."""
    writers: dict[str, Callable[[], str]] = {
        "result.json": lambda: json.dumps(found, indent=1) + "\n",
        "report.html": lambda: report.to_html(found),
        "summary.md": lambda: report.to_markdown(found),
    }
    for name, write in writers.items():
        try:
            keep(arguments.output / name, write())
        except CouldNotRun as error:
            found["doubts"].append(str(error))
            found["verdict"] = str(Verdict.COULD_NOT_RUN)
    _show(found, arguments)
    return Verdict(found["verdict"]).exit_code


def _show(found: dict[str, Any], arguments: argparse.Namespace) -> None:
    if arguments.format == "json":
        print(json.dumps(found))
    else:
        # A pipe has no width of its own; the names of endpoints are long.
        report.show(found, Console(width=None if sys.stdout.isatty() else PIPE_WIDTH))


@contextmanager
def _progress(asked: float) -> Iterator[Callable[[Collected], None]]:
    """Show on a terminal how far the run is; show nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda collected: None
        return
    with Console(stderr=True).status("starting Locust") as status:
        yield lambda collected: status.update(progress_line(collected, asked))


def progress_line(collected: Collected, asked: float) -> str:
    """Return how a run stands, in a line."""
    if not collected.blocks:
        return "starting Locust"
    recording = collected.recording()
    requests = sum(endpoint.requests for endpoint in recording.endpoints.values())
    failures = sum(endpoint.failures for endpoint in recording.endpoints.values())
    recent = [recording.seconds[moment] for moment in sorted(recording.seconds)[-3:]]
    slowest = max((second.percentile(95) for second in recent), default=0.0)
    broken = sum(invariant.broken for invariant in recording.invariants.values())
    return (
        f"{measured_seconds(collected):.0f} of {asked:.0f} s: {requests} requests, "
        f"{failures} failed, p95 of the last seconds {slowest:.1f} ms, {broken} invariants broken"
    )
