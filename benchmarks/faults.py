"""What readers and writers see when a part of the app is broken under them, and mended again.

gunicorn has 3 workers with 4 threads each. Some readers ask for blogs that are being written, some
for blogs and a list that are not: those can be answered whatever happens to the database. Each
fault lasts a second and a half. Then everything is compared with the database.
"""

import json
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rich.console import Console

from benchmarks._served import Caller, Served, served
from benchmarks.figures import Figure, conclude, print_table

LASTS, BEFORE, AFTER = 1.5, 1.0, 2.5
WRITTEN = 3
READERS = 4


@dataclass
class Seen:
    """What happened during one fault.

    Attributes:
        acknowledged: the last version of each blog that a writer was told is there.
        reads: how many.
        stale: how many showed an older version than was acknowledged before they were asked for.
        bad: answers to reads that could have been answered, but were a 5xx.
        failed_writes: writes that were refused, or never answered.
        broken: connections that broke; a worker was killed.
        slowest: seconds of the slowest read from the fault on, and of the slowest write.
        recovered_after: seconds from the return of the part to the first hit, or good answer.
        lost: acknowledged writes that are not in the database.
        stale_afterwards: kept answers that differ in the end.
    """

    acknowledged: dict[str, int]
    reads: int = 0
    writes: int = 0
    stale: int = 0
    bad: int = 0
    failed_writes: int = 0
    broken: int = 0
    slowest_read: float = 0.0
    slowest_write: float = 0.0
    returned_at: float = float("inf")
    recovered_after: float = float("inf")
    lost: int = 0
    stale_afterwards: int = 0
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    has_database: bool = True
    is_over: bool = False


def kill_store(app: Served) -> None:
    """The store is gone for a while, and comes back empty."""
    app.valkey.forget()
    app.valkey.kill()
    time.sleep(LASTS)
    app.valkey.start()


def hang_store(app: Served) -> None:
    """The store takes connections and does not answer."""
    app.valkey.signal(signal.SIGSTOP)
    time.sleep(LASTS)
    app.valkey.signal(signal.SIGCONT)


def empty_store(app: Served) -> None:
    """The store is started again at once, empty."""
    app.valkey.forget()
    app.valkey.kill()
    app.valkey.start()


def old_store(app: Served) -> None:
    """The store is started again with what it held a while ago."""
    app.valkey.save()
    time.sleep(LASTS)
    app.valkey.kill()
    app.valkey.start()
    app.valkey.forget()


def restart_database(app: Served) -> None:
    """The database is gone for a while."""
    app.restart_database(LASTS)


def kill_worker(app: Served) -> None:
    """A worker of gunicorn is killed at work."""
    random.choice(app.workers()).kill()


FAULTS: dict[str, Callable[[Served], None]] = {
    "store killed": kill_store,
    "store hung": hang_store,
    "store restarted empty": empty_store,
    "store restarted with old data": old_store,
    "database restarted": restart_database,
    "worker killed": kill_worker,
}


def main(argv: Sequence[str]) -> int:
    """Run the benchmark; see `figures.conclude` for the exit code."""
    console = Console(file=sys.stderr, width=140)
    found: dict[str, Seen] = {}
    with served(workers=3, threads=4, blogs=10) as app:
        versions = dict.fromkeys(app.uuids[:WRITTEN], 0)
        editor = Caller(app.port, app.token)
        for blog in versions:
            write(editor, blog, 0)
        for name, fault in FAULTS.items():
            with console.status(name):
                found[name] = run(app, versions, fault)
                versions = found[name].acknowledged
        read, written = cost_of_hanging(app)
    # cacheops in the same process would fail our writes, too.
    settings = "benchmarks._cache_controls.settings"
    with served(workers=1, threads=4, blogs=1, settings=settings) as app:
        peer = bad_of_peer(app)
    show(console, found)
    return conclude(
        [
            *figures(found, peer),
            Figure("seconds_more_for_a_read_while_hung", round(read, 3), 0.25, "at_most"),
            Figure("seconds_more_for_a_write_while_hung", round(written, 3), 0.25, "at_most"),
        ]
    )


def show(console: Console, found: dict[str, Seen]) -> None:
    """Print what was seen of each fault, and the first problems."""
    print_table(
        console,
        "3 workers x 4 threads, 8 readers, 3 writers",
        [
            "fault",
            "reads",
            "writes",
            "stale",
            "bad",
            "failed w.",
            "broken",
            "read s",
            "write s",
            "back s",
            "lost",
            "stale then",
        ],
        [
            (
                name,
                seen.reads,
                seen.writes,
                seen.stale,
                seen.bad,
                seen.failed_writes,
                seen.broken,
                f"{seen.slowest_read:.2f}",
                f"{seen.slowest_write:.2f}",
                f"{seen.recovered_after:.2f}",
                seen.lost,
                seen.stale_afterwards,
            )
            for name, seen in found.items()
        ],
    )
    for name, seen in found.items():
        for problem in seen.problems[:3]:
            console.print(f"{name}: {problem}")


def figures(found: dict[str, Seen], peer: int) -> list[Figure]:
    """Return what is promised."""
    stores = [seen for name, seen in found.items() if name.startswith("store")]
    writes = sum(seen.failed_writes for seen in stores)
    return [
        Figure("stale", sum(seen.stale for seen in found.values()), 0, "at_most"),
        Figure("bad_reads", sum(seen.bad for seen in found.values()), 0, "at_most"),
        Figure("failed_writes_without_store", writes, 0, "at_most"),
        Figure("lost_writes", sum(seen.lost for seen in found.values()), 0, "at_most"),
        Figure(
            "stale_afterwards", sum(seen.stale_afterwards for seen in found.values()), 0, "at_most"
        ),
        Figure(
            "recovered_after_seconds",
            round(max(seen.recovered_after for seen in found.values()), 2),
            1.0,
            "at_most",
        ),
        Figure("bad_reads_of_cached_as_without_store", peer, 1, "at_least"),
    ]


def run(app: Served, versions: dict[str, int], fault: Callable[[Served], None]) -> Seen:
    """Let readers and writers loose, break something, mend it, and compare."""
    seen = Seen(dict(versions), has_database=fault is not restart_database)
    threads = [threading.Thread(target=keep_writing, args=(app, blog, seen)) for blog in versions]
    for paths in (written_paths(app), quiet_paths(app)):
        threads += [
            threading.Thread(target=keep_reading, args=(app, paths, seen)) for _ in range(READERS)
        ]
    for thread in threads:
        thread.start()
    time.sleep(BEFORE)
    fault(app)
    seen.returned_at = time.monotonic()
    time.sleep(AFTER)
    seen.is_over = True
    for thread in threads:
        thread.join()
    compare(app, seen)
    return seen


def written_paths(app: Served) -> list[str]:
    """Return what changes all the time."""
    return [f"/v1/blogs/{blog}/" for blog in app.uuids[:WRITTEN]]


def quiet_paths(app: Served) -> list[str]:
    """Return what nothing changes."""
    return [f"/v1/blogs/{blog}/" for blog in app.uuids[WRITTEN:]] + ["/v1/authors/", "/v1/tags/"]


def keep_writing(app: Served, blog: str, seen: Seen) -> None:
    """Write one version after the other."""
    caller = Caller(app.port, app.token)
    version = seen.acknowledged[blog]
    while not seen.is_over:
        version += 1
        begun = time.monotonic()
        status = write(caller, blog, version)
        with seen.lock:
            seen.slowest_write = max(seen.slowest_write, time.monotonic() - begun)
            seen.writes += 1
            if status == 200:
                seen.acknowledged[blog] = version
            else:
                seen.failed_writes += 1
        time.sleep(0.02)


def write(caller: Caller, blog: str, version: int) -> int:
    """Write a version; return the status, 0 where there was no answer."""
    try:
        return caller.ask("PATCH", f"/v1/blogs/{blog}/", {"title": f"v{version}"})[0]
    except OSError:
        return 0


def keep_reading(app: Served, paths: list[str], seen: Seen) -> None:
    """Read, and hold each answer against what was acknowledged before it was asked for."""
    caller, choose = Caller(app.port), random.Random()
    for path in paths:
        caller.ask("GET", path)
    can_always_be_answered = paths == quiet_paths(app)
    while not seen.is_over:
        path = choose.choice(paths)
        blog = path.split("/")[3]
        before, begun = seen.acknowledged.get(blog, 0), time.monotonic()
        try:
            status, outcome, body = caller.ask("GET", path)
        except OSError:
            seen.broken += 1
            continue
        now = time.monotonic()
        with seen.lock:
            seen.reads += 1
            seen.slowest_read = max(seen.slowest_read, now - begun)
            if status != 200:
                seen.problems.append(f"{path}: {status} {outcome} {body[:150]!r}")
                seen.bad += can_always_be_answered or seen.has_database
                continue
            if begun > seen.returned_at and outcome == "hit":
                seen.recovered_after = min(seen.recovered_after, now - seen.returned_at)
            if not can_always_be_answered:
                seen.stale += int(json.loads(body)["title"][1:]) < before
        time.sleep(0.002)


def compare(app: Served, seen: Seen) -> None:
    """Look for what was lost, and for kept answers that are older than the database."""
    everyone, editor = Caller(app.port), Caller(app.port, app.token)
    for path in (*written_paths(app), *quiet_paths(app), "/v2/blogs/?page_size=20"):
        kept = [everyone.ask("GET", path)[2] for _ in range(8)]
        plain = editor.ask("GET", path)[2]
        seen.stale_afterwards += any(answer != plain for answer in kept)
        blog = path.split("/")[3]
        if blog in seen.acknowledged:
            version = int(json.loads(plain)["title"][1:])
            seen.lost += version < seen.acknowledged[blog]
            # A write whose answer was lost may have happened all the same.
            seen.acknowledged[blog] = version


def cost_of_hanging(app: Served) -> tuple[float, float]:
    """Return how much longer the slowest read and write take while the store hangs.

    One asks after the other, and only one: what is measured is the wait, not the machine's load.
    """
    reader, editor = Caller(app.port), Caller(app.port, app.token)
    path = quiet_paths(app)[0]

    def slowest(act: Callable[[], object], times: int) -> float:
        taken = []
        for _ in range(times):
            begun = time.monotonic()
            act()
            taken.append(time.monotonic() - begun)
        return max(taken)

    def both() -> tuple[float, float]:
        return (
            slowest(lambda: reader.ask("GET", path), 60),
            slowest(lambda: write(editor, app.uuids[0], 1), 8),
        )

    usual = both()
    app.valkey.signal(signal.SIGSTOP)
    hung = both()
    app.valkey.signal(signal.SIGCONT)
    return hung[0] - usual[0], hung[1] - usual[1]


def bad_of_peer(app: Served) -> int:
    """Return how many of ten reads under plain `cached_as` fail while the store is gone."""
    caller = Caller(app.port)
    app.valkey.kill()
    answers = [caller.ask("GET", f"/control/cached_as/{app.uuids[0]}/")[0] for _ in range(10)]
    app.valkey.start()
    return sum(status >= 500 for status in answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
