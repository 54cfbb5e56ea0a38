"""How often a value is made when a hundred readers ask for it at once, just after a change.

gunicorn has 4 workers with 25 threads each, so that all of them wait inside the app. The peer is
`cached_as` without a lock. Then the maker of the value is slow for longer than anybody waits, and
then it is killed at work: nobody gets a 5xx or waits longer than 2 seconds for it. `ARGS=5` takes
five rounds instead of twenty.
"""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from benchmarks._served import Caller, Served, served
from benchmarks.figures import Figure, conclude, print_table

READERS, ROUNDS = 100, 20
LIST = "/v1/blogs/?page_size=100"
# Longer than anybody waits for it.
SLOW = 4.0
MADE = ("miss", "alone", "away", "private")


@dataclass(frozen=True)
class Answer:
    """What one reader got; status 0 is a connection that broke."""

    status: int
    outcome: str
    seconds: float


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    console = Console(file=sys.stderr)
    rounds = int(argv[0]) if argv else ROUNDS
    with tempfile.TemporaryDirectory(prefix="stampede-") as folder:
        slow = Path(folder, "slow")
        settings = "benchmarks._cache_controls.settings"
        with served(
            workers=4, threads=25, blogs=100, settings=settings, CACHE_SLOW=str(slow)
        ) as app:
            readers = Readers(app)
            ours = [made(after_a_change(app, readers)) for _ in range(rounds)]
            peer = [
                made(readers.ask(f"/control/unlocked/?name={number}")) for number in range(rounds)
            ]
            usual = max(answer.seconds for answer in after_a_change(app, readers))
            slowed = with_slow_maker(app, readers, slow)
            killed = with_killed_maker(app, readers, slow)
    rows = [
        ("ours", rounds, min(ours), max(ours)),
        ("cached_as, unlocked", rounds, min(peer), max(peer)),
    ]
    print_table(
        console, "made after a change, 100 readers", ["way", "rounds", "least", "most"], rows
    )
    faults = {"usual": [Answer(200, "", usual)], "slow maker": slowed, "killed maker": killed}
    print_table(
        console,
        "what it costs the others",
        ["maker", "readers", "5xx or broken", "slowest s"],
        [
            (name, len(answers), bad(answers), f"{max(answer.seconds for answer in answers):.2f}")
            for name, answers in faults.items()
        ],
    )
    return conclude(
        [
            Figure("made_at_most", max(ours), 1, "at_most"),
            Figure("made_at_least", min(ours), 1, "at_least"),
            Figure("peer_made_at_most", max(peer), 2, "at_least"),
            Figure("bad_answers", bad(slowed) + bad(killed), 0, "at_most"),
            *(
                Figure(f"added_seconds_{name}", round(added(answers, usual), 2), 2.0, "at_most")
                for name, answers in (("slow", slowed), ("killed", killed))
            ),
        ]
    )


def made(answers: list[Answer]) -> int:
    """Return how many readers have made the value."""
    return sum(answer.outcome in MADE for answer in answers)


def bad(answers: list[Answer]) -> int:
    """Return how many readers got no good answer."""
    return sum(answer.status != 200 for answer in answers)


def added(answers: list[Answer], usual: float) -> float:
    """Return what the slowest waited beyond what the same readers wait anyway."""
    return max(answer.seconds for answer in answers) - usual


class Readers:
    """A hundred connections that ask at the same moment."""

    def __init__(self, app: Served) -> None:
        self._app = app
        self._callers = [Caller(app.port) for _ in range(READERS)]

    def ask(self, path: str) -> list[Answer]:
        """Return what each of them got."""
        answers: list[Answer] = []
        barrier = threading.Barrier(READERS)

        def read(caller: Caller) -> None:
            barrier.wait()
            answers.append(ask(caller, path))

        threads = [threading.Thread(target=read, args=(caller,)) for caller in self._callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def begin_anew(self) -> None:
        """Forget the connections: the worker behind some of them was killed."""
        for caller in self._callers:
            caller.close()


def ask(caller: Caller, path: str) -> Answer:
    """Ask once."""
    begun = time.monotonic()
    try:
        status, outcome, _ = caller.ask("GET", path)
    except OSError:
        status, outcome = 0, ""
    return Answer(status, outcome, time.monotonic() - begun)


def change(app: Served) -> None:
    """Change a blog that the list shows."""
    title = {"title": f"Changed {time.monotonic()}"}
    status, _, body = Caller(app.port, app.token).ask("PATCH", f"/v1/blogs/{app.uuids[0]}/", title)
    if status != 200:
        raise RuntimeError(f"PATCH: {status} {body!r}")


def after_a_change(app: Served, readers: Readers) -> list[Answer]:
    """Change something, and let everybody ask."""
    change(app)
    return readers.ask(LIST)


def with_slow_maker(app: Served, readers: Readers, slow: Path) -> list[Answer]:
    """Let somebody make the value who takes too long, and everybody else ask meanwhile."""
    return with_maker(app, readers, slow, lambda pid: None)


def with_killed_maker(app: Served, readers: Readers, slow: Path) -> list[Answer]:
    """Let somebody make the value who is killed at it, and everybody else ask then."""

    def kill(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        readers.begin_anew()

    return with_maker(app, readers, slow, kill)


def with_maker(
    app: Served, readers: Readers, slow: Path, act: Callable[[int], None]
) -> list[Answer]:
    """Let one begin to make the value, do something to it, and let everybody ask."""
    change(app)
    pid_file = slow.with_name("slow.pid")
    pid_file.unlink(missing_ok=True)
    slow.write_text(str(SLOW))
    maker = threading.Thread(target=ask, args=(Caller(app.port), LIST))
    maker.start()
    while not pid_file.exists() or not pid_file.read_text():
        time.sleep(0.005)
    act(int(pid_file.read_text()))
    answers = readers.ask(LIST)
    maker.join()
    return answers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
