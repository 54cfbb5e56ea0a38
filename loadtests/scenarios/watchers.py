"""Watchers of coherence: once a write is answered, nobody reads the older version any more."""

import re

import gevent
from headers import was_computed
from locust import FastHttpUser, between, tag, task
from scenarios.asking import BLOGS, Account

from quality_harness.load import invariants

READERS = 6
READS = 4
VERSION = re.compile(r"version (\d+)")


class Watcher(Account, FastHttpUser):
    """Changes its own public profile while strangers read it, and counts what they should not see.

    The page is public, so it may come from a cache that all share. A read that begins after a write
    was answered must show that write or a later one. Between two writes at most one read may have
    been computed, where answers say which were.
    """

    weight = 1
    # One alone: a change of any author is an invalidation of all their pages.
    fixed_count = 1
    wait_time = between(0.1, 0.3)
    concurrency = READERS + 1

    def on_start(self) -> None:
        """Open an account and find its public page."""
        self.open_account("Watcher")
        self.written = self.acknowledged = self.computed = 0
        self.is_cached = False
        body = {"title": "To find out who I am"}
        made = self.ask("POST", BLOGS, expected=(201,), json=body, headers=self.headers).json()
        draft = f"{BLOGS}{made['uuid']}/"
        self.ask("DELETE", draft, name=f"{BLOGS}[uuid]/", expected=(204,), headers=self.headers)
        self.page = f"/v1/authors/{made['author']['uuid']}/"
        self.write()

    @tag("coherence")
    @task
    def write_while_others_read(self) -> None:
        """Write once in the middle of many reads, then read on, then count."""
        readers = [gevent.spawn(self.read_often) for _ in range(READERS)]
        self.write()
        gevent.joinall(readers)
        self.computed = 0
        gevent.joinall([gevent.spawn(self.read_often) for _ in range(READERS)])
        if self.is_cached:
            # Those before may have computed it already.
            invariants.check(
                "computations-per-invalidation",
                self.computed <= 1,
                f"{self.page}: {self.computed} after version {self.acknowledged}",
            )

    def write(self) -> None:
        """Write the next version."""
        self.written += 1
        body = {"bio": f"version {self.written}"}
        answer = self.ask(
            "PATCH", self.page, name="/v1/authors/[uuid]/", json=body, headers=self.headers
        )
        if answer.status_code == 200:
            self.acknowledged = self.written

    def read_often(self) -> None:
        """Read some times, as a stranger."""
        for _ in range(READS):
            self.read()

    def read(self) -> None:
        """Read the page and hold it against what was acknowledged before."""
        known = self.acknowledged
        answer = self.ask("GET", self.page, name="/v1/authors/[uuid]/")
        if answer.status_code != 200:
            return
        found = VERSION.search(answer.json()["bio"])
        seen = int(found[1]) if found else 0
        invariants.check("stale-reads", seen >= known, f"{self.page}: {seen} after {known}")
        computed = was_computed(answer.headers)
        self.is_cached = self.is_cached or computed is not None
        self.computed += bool(computed)
