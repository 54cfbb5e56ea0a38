"""What the runs in another order have in common, under pytest and under Django's runner.

The gate `isolation` asks for it with an environment variable, and reads a file of JSON.
"""

import json
import os
import select
import signal
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from quality_harness.testing.polluters import Dependence, OutOfTime, Run, Search

VARIABLE = "QUALITY_HARNESS_ORDER"


@dataclass(frozen=True)
class Request:
    """What the gate asks for.

    Attributes:
        file: where the answer goes.
        seed: of the order; 0 reverses the tests.
        seconds: how long all runs together may take.
    """

    file: str
    seed: int
    seconds: float

    def variables(self) -> dict[str, str]:
        """Return the environment that carries the request."""
        return {VARIABLE: json.dumps(asdict(self))}


@dataclass(frozen=True)
class Answer:
    """What the runs came to.

    Attributes:
        tests: how many there are.
        dependences: the tests that depend on others.
        problem: why there is no answer; else empty.
    """

    tests: int
    dependences: tuple[Dependence, ...] = ()
    problem: str = ""


def asked() -> Request:
    """Return the request that the environment carries."""
    return Request(**json.loads(os.environ[VARIABLE]))


def read_answer(file: Path) -> Answer:
    """Return what `answer` wrote."""
    document = json.loads(file.read_text(encoding="utf-8"))
    found = tuple(Dependence(**each) for each in document.pop("dependences"))
    return Answer(dependences=found, **document)


def answer(request: Request, normal: Sequence[str], order: Sequence[str], run: Run) -> None:
    """Look for dependences and write the answer.

    Args:
        request: what the gate asks for.
        normal: the ids of all tests.
        order: the same in another order.
        run: runs some of them in this process, which is a fork, and returns what fails.
    """
    deadline = time.monotonic() + request.seconds

    def forked(tests: Sequence[str]) -> Mapping[str, str]:
        return in_fork(lambda: run(tests), deadline - time.monotonic())

    try:
        given = Answer(len(order), tuple(Search(normal, order, forked).dependences()))
    except OutOfTime:
        problem = f"The tests in another order have not come to their end in {request.seconds:g} s"
        given = Answer(len(order), problem=problem)
    except ChildProcessError as error:
        given = Answer(len(order), problem=str(error))
    Path(request.file).write_text(json.dumps(asdict(given)), encoding="utf-8")


def in_fork(work: Callable[[], Mapping[str, str]], seconds: float) -> Mapping[str, str]:
    """Return what `work` returns in a forked process, so that it changes nothing in this one.

    Raises:
        OutOfTime: it takes longer; it has been ended.
        ChildProcessError: it ended without an answer.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _work_and_end(work, writing)
    os.close(writing)
    try:
        return _received(reading, seconds)
    finally:
        os.close(reading)
        # It has ended, unless it took too long.
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _work_and_end(work: Callable[[], Mapping[str, str]], writing: int) -> None:
    """Send what `work` returns, and end this process without its clean-up."""
    said: dict[str, object]
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        for output in (1, 2):
            os.dup2(quiet, output)
        said = {"failed": dict(work())}
    except BaseException as error:  # noqa: B036  (it is raised again, in the other process)
        said = {"problem": "".join(traceback.format_exception_only(error)).strip()}
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        json.dump(said, pipe)
    os._exit(0)


def _received(reading: int, seconds: float) -> Mapping[str, str]:
    deadline = time.monotonic() + seconds
    text = b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise OutOfTime
        part = os.read(reading, 65536)
        if not part:
            break
        text += part
    said = json.loads(text or b'{"problem": "the process was ended from outside"}')
    if "problem" in said:
        raise ChildProcessError(f"The tests in another order broke off: {said['problem']}")
    failed: dict[str, str] = said["failed"]
    return failed
