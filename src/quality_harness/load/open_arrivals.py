"""Visitors who arrive when they are due, whether or not those before them were served.

A user who waits for each answer asks less while the server is slow, and the time that others would
have waited is never measured. Here each arrival has a greenlet of its own, and its first request is
timed from when it was due.
"""

import time
from random import Random
from typing import Any, ClassVar

from gevent.event import Event
from gevent.local import local
from gevent.pool import Group
from locust import FastHttpUser, tag

from quality_harness.load import invariants
from quality_harness.load.arrivals import Arrivals, constant
from quality_harness.load.recording import OpenArrivals

# A request that is sent later than this after it was due is late: the generator's doing.
LATE = 0.01


class OpenUser(FastHttpUser):
    """A stream of visitors; a subclass says what each of them does in `visit`.

    One instance brings all of `arrivals`. Set `fixed_count` to have that many streams, which Locust
    spreads over its workers.

    Attributes:
        arrivals: when visitors are due.
        most_pending: how many may wait for answers at once; further ones are dropped and counted.
        labels: the tags by which a run chooses it.
    """

    abstract = True
    arrivals: ClassVar[Arrivals] = constant(1)
    most_pending: ClassVar[int] = 1000
    labels: ClassVar[tuple[str, ...]] = ()
    fixed_count = 1

    def __init_subclass__(cls) -> None:
        """Give each class a task of its own, which its tags stick to."""

        def receive(user: "OpenUser") -> None:
            user.receive()

        cls.tasks = [tag(*cls.labels)(receive) if cls.labels else receive]

    def __init__(self, environment: Any) -> None:
        # One connection for each visitor who may be there.
        self.concurrency = self.most_pending
        super().__init__(environment)
        self._here = local()
        self._leaving = Event()

    def stop(self, force: bool = False) -> bool:
        """Let nobody in any more."""
        self._leaving.set()
        return bool(super().stop(force))

    def visit(self) -> None:
        """Do what one visitor does.

        Raises:
            NotImplementedError: the subclass does not say.
        """
        raise NotImplementedError(f"{type(self).__name__} has to say what a visitor does: visit().")

    def context(self) -> dict[str, Any]:
        """Hand over when the visitor was due, for the first request alone."""
        due, self._here.due = getattr(self._here, "due", None), None
        return {"due": due}

    def receive(self) -> None:
        """Send visitors until the run ends."""
        began, pending = time.time(), Group()
        try:
            for offset in self.arrivals.due(Random()):
                if self._leaving.wait(max(0.0, began + offset - time.time())):
                    break
                self._counted.due += 1
                if len(pending) >= self.most_pending:
                    self._counted.dropped += 1
                else:
                    pending.spawn(self._arrive, began + offset)
            # Whoever is in is served, for a little less than Locust leaves a user.
            pending.join(self.environment.stop_timeout * 0.9)
        finally:
            self._counted.unfinished += len(pending)
            pending.kill()

    def _arrive(self, due: float) -> None:
        self._here.due = due
        self._counted.late += time.time() - due > LATE
        try:
            self.visit()
        except Exception as error:
            self.environment.events.user_error.fire(
                user_instance=self, exception=error, tb=error.__traceback__
            )

    @property
    def _counted(self) -> OpenArrivals:
        rows = invariants.recording().arrivals
        return rows.setdefault(type(self).__name__, OpenArrivals())
