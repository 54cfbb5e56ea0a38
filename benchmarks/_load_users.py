"""Users for the benchmarks of load; Locust imports this file."""

from locust import FastHttpUser, constant, constant_pacing, task

from quality_harness.load.arrivals import constant as evenly
from quality_harness.load.open_arrivals import OpenUser


class Open(OpenUser):
    """A hundred visitors a second, whatever the server does."""

    arrivals = evenly(100)

    def visit(self) -> None:
        """Ask once."""
        self.client.get("/open")


class Closed(FastHttpUser):
    """One user who would ask a hundred times a second, and waits for each answer."""

    fixed_count = 1
    wait_time = constant_pacing(0.01)

    @task
    def ask(self) -> None:
        """Ask once."""
        self.client.get("/closed")


class Browsing(FastHttpUser):
    """Asks, thinks a moment, asks again."""

    wait_time = constant(0.01)

    @task
    def ask(self) -> None:
        """Ask once."""
        self.client.get("/page")
