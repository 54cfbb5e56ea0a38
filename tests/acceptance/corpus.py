"""Plants pull requests in a small project and compares what the templates say with a table.

    python -m tests.acceptance.corpus [--host github|gitlab] [--only cases|turns|...] [NAME ...]

Run it by `make accept`. Exits 1 where anything is judged otherwise than the table says.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue

from quality_harness import services
from tests.acceptance import bad_ci, bad_code, by_hand, ci_jobs, good, hooks
from tests.acceptance.case import GITHUB, GITLAB, Case
from tests.acceptance.judged import judge, problems
from tests.acceptance.machine import Machine, Refused, database, working_folder
from tests.acceptance.scenario import Seed, configured_gates
from tests.acceptance.turns import turned

CASES = (*bad_code.TABLE.cases, *bad_ci.TABLE.cases, *good.TABLE.cases)
HOSTS = (*GITHUB, *GITLAB)
WORKERS = (os.cpu_count() or 1) + 1


@dataclass(frozen=True)
class Task:
    """Something to be judged.

    Attributes:
        name: in the table and on the command line.
        kind: of what sort it is, for the sums.
        verdict: what it must be, in words.
        work: runs it on a machine, and returns what is wrong and the log.
    """

    name: str
    kind: str
    verdict: str
    work: Callable[[Machine], tuple[list[str], str]]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    task: Task
    wrong: tuple[str, ...]
    log: str
    seconds: float


def tasks(seed: Seed, hosts: Sequence[str] = HOSTS) -> Iterator[Task]:
    """Yield all that there is to judge."""
    gates = configured_gates()
    for case in CASES:
        for host in (name for name in case.hosts if name in hosts):
            kind = "good" if case.is_good else "bad"
            yield Task(f"{case.name} ({host})", kind, _said(case), _plain(seed, case, host, gates))
    for turn in turned(CASES, gates):
        yield Task(turn.name, turn.kind, turn.verdict, turn.work(seed))
    for name in hooks.HOOKS:
        yield Task(name, "hook", "as it says", partial(_hook, seed, name))
    for repository in by_hand.REPOSITORIES:
        verdict = ("pass", "fail", "could not run")[repository.code]
        work = partial(_by_hand, seed, repository)
        yield Task(repository.name, "by hand", verdict, work)
    for trouble in ci_jobs.troubles():
        verdict = "green" if trouble == ci_jobs.Trouble() else "red"
        yield Task(trouble.name, "ci.yml", verdict, partial(_ci_job, seed, trouble))


def _hook(seed: Seed, name: str, machine: Machine) -> tuple[list[str], str]:
    return hooks.check(seed, machine, name)


def _by_hand(seed: Seed, repository: by_hand.Repository, machine: Machine) -> tuple[list[str], str]:
    return by_hand.check(seed, machine, repository)


def _ci_job(seed: Seed, trouble: ci_jobs.Trouble, machine: Machine) -> tuple[list[str], str]:
    return ci_jobs.check(seed, machine, trouble)


def _said(case: Case) -> str:
    if case.stops:
        return "could not run at all"
    if case.skipped:
        return "nothing ran, red"
    red = [name if how == "fail" else f"{name} could not run" for name, how in case.red.items()]
    return ", ".join(red) or "all pass"


def _plain(
    seed: Seed, case: Case, host: str, gates: tuple[str, ...]
) -> Callable[[Machine], tuple[list[str], str]]:
    def work(machine: Machine) -> tuple[list[str], str]:
        judged = judge(seed, machine, case, host)
        return problems(case, judged, gates), judged.log

    return work


def run(chosen: Callable[[Task], bool], hosts: Sequence[str] = HOSTS) -> Iterator[Row]:
    """Run the chosen tasks, one more at once than there are processors, and yield them in order."""
    with working_folder() as folder, ExitStack() as stack:
        seed = Seed.make(folder)
        servers = services.environment(folder)
        machines: SimpleQueue[Machine] = SimpleQueue()
        for number in range(WORKERS):
            place = folder / f"machine{number}"
            place.mkdir()
            # Several checkouts may share the server.
            own = f"quality_harness_acceptance_{os.getpid()}_{number}"
            url = stack.enter_context(database(own, servers["DATABASE_URL"]))
            machines.put(Machine(place, url, servers=servers))

        def one(task: Task) -> Row:
            machine = machines.get()
            start = time.perf_counter()
            try:
                wrong, log = task.work(machine)
            except (Refused, ValueError, OSError) as problem:
                wrong, log = [f"nothing was judged: {problem}"], ""
            finally:
                machines.put(machine)
            return Row(task, tuple(wrong), log, time.perf_counter() - start)

        with ThreadPoolExecutor(WORKERS) as pool:
            yield from pool.map(one, filter(chosen, tasks(seed, hosts)))


def processor_seconds() -> float:
    """Return what all processes that were started here have used so far, without the servers."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(argv: Sequence[str]) -> int:
    """Run the corpus and return the exit code."""
    parser = argparse.ArgumentParser(prog="corpus", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases; all by default")
    parser.add_argument("--host", choices=HOSTS, action="append")
    parser.add_argument("--only", metavar="KIND", help="good, bad, removed, idle, missing, ...")
    options = parser.parse_args(argv)

    def chosen(task: Task) -> bool:
        named = not options.names or any(task.name.startswith(name) for name in options.names)
        return named and options.only in (None, task.kind)

    start, wrong, count = time.perf_counter(), 0, 0
    for row in run(chosen, options.host or HOSTS):
        count, wrong = count + 1, wrong + bool(row.wrong)
        outcome = f"WRONG: {'; '.join(row.wrong)}" if row.wrong else "ok"
        print(
            f"{row.task.name:58} {row.task.verdict:32} {row.seconds:5.1f} s  {outcome}", flush=True
        )
        if row.wrong:
            print(row.log)
    seconds = time.perf_counter() - start
    print(
        f"{count - wrong} of {count} judged as the table says, in {seconds:.0f} s "
        f"({processor_seconds():.0f} s of processor time)"
    )
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
