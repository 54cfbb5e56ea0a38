"""Shares work out between this process and forked ones."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from quality_harness.gate import CouldNotRun


@dataclass(frozen=True)
class Share:
    """What one process does of the work: whoever is done with a part takes the next one.

    Attributes:
        counter: how many parts are taken; all processes see it.
        process: which one this is; 0 is the one that forked the others.
    """

    counter: Any
    process: int

    def numbers(self, parts: int) -> Iterator[int]:
        """Take the next part, until all are taken or nobody waits for the answer."""
        parent = multiprocessing.parent_process() if self.process else None
        while parent is None or parent.is_alive():
            with self.counter.get_lock():
                number = self.counter.value
                self.counter.value += 1
            if number >= parts:
                return
            yield number


def shared(processes: int, work: Callable[[Share], Any]) -> list[Any]:
    """Do work in this process and in forked ones, and return what each of them answers.

    Args:
        processes: how many, this one included.
        work: is given the share of its process; its answer must bear being pickled.

    Raises:
        CouldNotRun: a process ended without an answer.
    """
    context = multiprocessing.get_context("fork")
    counter = context.Value("L", 0)
    with ExitStack() as stack:
        begun = []
        for number in range(1, processes):
            answers, answering = context.Pipe(duplex=False)
            share = Share(counter, number)
            process = context.Process(target=_answer, args=(answers, answering, work, share))
            process.start()
            stack.callback(process.join)
            stack.callback(process.terminate)
            # With this copy open, a process that dies would be waited for for ever.
            answering.close()
            begun.append((process, answers))
        own = work(Share(counter, 0))
        return [own, *(_answer_of(process, answers) for process, answers in begun)]


def _answer(
    answers: Connection, answering: Connection, work: Callable[[Share], Any], share: Share
) -> None:
    # With this copy open, a process that nobody reads from any more would wait for ever.
    answers.close()
    with suppress(BrokenPipeError):
        answering.send(work(share))


def _answer_of(process: Any, answers: Connection) -> Any:
    try:
        answer = answers.recv()
    except EOFError:
        process.join()
        raise CouldNotRun(f"A process broke off with exit code {process.exitcode}") from None
    process.join()
    return answer
