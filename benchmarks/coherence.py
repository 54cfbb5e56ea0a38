"""Whether a GET that begins after a write's answer ever shows the older version.

Readers and writers ask gunicorn, 4 workers with 4 threads each, while delays are put between
reading a row and keeping it, before each commit, and between the commit and what follows it. The
same checker looks at the usual recipes: plain `cached_as`, a key that `post_save` deletes, and one
that `on_commit` deletes. `ARGS=5000` reads less of ours.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console

from benchmarks._served import Caller, Served, served
from benchmarks.figures import Figure, conclude, print_table

READS, WRITES = 50_000, 1_000
CONTROL_READS = 8_000
READERS, WRITERS = 24, 4
DELAY = "0.06"
# A writer writes so often without a pause: the second time while readers still keep the first.
BURST = 4
# How many reads there are to a write.
OURS, THEIRS = 45, 6
LIST = "/v2/blogs/?page_size=20"
CONTROLS = ("cached_as", "post_save", "on_commit")


@dataclass
class Tally:
    """What was seen, and which version of each blog was acknowledged last."""

    acknowledged: dict[str, int]
    reads: int = 0
    writes: int = 0
    stale: int = 0
    made: int = 0
    waited: int = 0
    away: int = 0
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    is_over: bool = False


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    console = Console(file=sys.stderr)
    reads = int(argv[0]) if argv else READS
    settings = "benchmarks._cache_controls.settings"
    with served(workers=4, threads=4, blogs=WRITERS, settings=settings, CACHE_DELAY=DELAY) as app:
        tallies = {}
        versions = dict.fromkeys(app.uuids, 0)
        for blog in app.uuids:
            write(Caller(app.port, app.token), blog, 0)
        for name in ("ours", *CONTROLS):
            with console.status(name):
                wanted = reads if name == "ours" else CONTROL_READS
                tallies[name] = run(app, name, versions, wanted)
                versions = tallies[name].acknowledged
            if name == "ours":
                poisoned = count_poisoned(app)
    rows = [
        (
            name,
            tally.reads,
            tally.writes,
            tally.stale,
            f"{1 - tally.made / tally.reads:.3f}",
            tally.waited,
            tally.away,
            len(tally.wrong),
        )
        for name, tally in tallies.items()
    ]
    columns = ["way", "reads", "writes", "stale", "hit rate", "waited", "away", "wrong"]
    print_table(console, "4 workers x 4 threads, 24 readers, 4 writers", columns, rows)
    for problem in tallies["ours"].wrong[:5]:
        console.print(problem)
    return conclude(figures(tallies, poisoned))


def figures(tallies: dict[str, Tally], poisoned: int) -> list[Figure]:
    """Return what is promised."""
    ours = tallies["ours"]
    rate = round(1 - ours.made / ours.reads, 3)
    return [
        Figure("stale", ours.stale, 0, "at_most"),
        Figure("poisoned", poisoned, 0, "at_most"),
        Figure("unexpected_answers", len(ours.wrong), 0, "at_most"),
        Figure("reads", ours.reads, READS, "at_least"),
        Figure("acknowledged_writes", ours.writes, WRITES, "at_least"),
        Figure("hit_rate", rate, 0.8, "at_least"),
        *(Figure(f"stale_{name}", tallies[name].stale, 1, "at_least") for name in CONTROLS),
    ]


def run(app: Served, name: str, versions: dict[str, int], reads: int) -> Tally:
    """Let readers and writers loose until there were enough reads and writes of theirs."""
    tally = Tally(dict(versions))
    per_write = OURS if name == "ours" else THEIRS
    writers = [
        threading.Thread(target=keep_writing, args=(app, blog, tally, per_write))
        for blog in app.uuids
    ]
    readers = [
        threading.Thread(target=keep_reading, args=(app, name, tally, reads))
        for _ in range(READERS)
    ]
    for thread in (*writers, *readers):
        thread.start()
    for thread in readers:
        thread.join()
    tally.is_over = True
    for thread in writers:
        thread.join()
    return tally


def keep_writing(app: Served, blog: str, tally: Tally, reads_per_write: int) -> None:
    """Write one version after the other, in step with the reads."""
    caller = Caller(app.port, app.token)
    version = tally.acknowledged[blog]
    mine = 0
    while not tally.is_over:
        if tally.reads < mine * reads_per_write * WRITERS:
            time.sleep(0.002)
            continue
        for _ in range(BURST):
            version += 1
            problem = write(caller, blog, version)
            with tally.lock:
                if problem:
                    tally.wrong.append(problem)
                tally.acknowledged[blog] = version
                tally.writes += 1
        mine += BURST
    caller.close()


def write(caller: Caller, blog: str, version: int) -> str:
    """Write a version; return what went wrong, or nothing."""
    status, _, body = caller.ask("PATCH", f"/v1/blogs/{blog}/", {"title": f"v{version}"})
    return "" if status == 200 else f"PATCH: {status} {body[:200]!r}"


def keep_reading(app: Served, name: str, tally: Tally, reads: int) -> None:
    """Read, and hold each answer against what was acknowledged before it was asked for."""
    caller = Caller(app.port)
    choose = random.Random()
    while tally.reads < reads:
        path, blogs = target(app, name, choose)
        before = {blog: tally.acknowledged[blog] for blog in blogs}
        status, outcome, body = caller.ask("GET", path)
        with tally.lock:
            tally.reads += 1
            if status != 200:
                tally.wrong.append(f"GET {path}: {status} {body[:200]!r}")
                continue
            tally.made += outcome not in ("hit", "waited")
            tally.waited += outcome == "waited"
            tally.away += outcome == "away"
            shown = versions_in(body, blogs)
            tally.stale += any(shown[blog] < before[blog] for blog in blogs)
    caller.close()


def target(app: Served, name: str, choose: random.Random) -> tuple[str, list[str]]:
    """Return an address, and the blogs that its answer shows."""
    blog = choose.choice(app.uuids)
    if name != "ours":
        return f"/control/{name}/{blog}/", [blog]
    if choose.random() < 0.2:
        return LIST, app.uuids
    return f"/v1/blogs/{blog}/", [blog]


def versions_in(body: bytes, blogs: list[str]) -> dict[str, int]:
    """Return which version of each blog an answer shows."""
    answer = json.loads(body)
    if "results" in answer:
        return {row["uuid"]: int(row["title"][1:]) for row in answer["results"]}
    return {blogs[0]: int(answer["title"][1:])}


def count_poisoned(app: Served) -> int:
    """Return how many kept answers differ, now that nobody writes, from what is not kept."""
    time.sleep(0.2)
    everyone, editor = Caller(app.port), Caller(app.port, app.token)
    found = 0
    for path in (LIST, *(f"/v1/blogs/{blog}/" for blog in app.uuids)):
        answers = [caller.ask("GET", path)[2] for caller in (everyone, editor) for _ in range(3)]
        found += len(set(answers)) > 1
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
