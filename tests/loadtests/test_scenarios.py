import contextlib
import io
import json
import tempfile
import threading
import unittest
from pathlib import Path
from typing import Any

from django.test import tag

from loadtests import run
from quality_harness import cli
from tests.loadtests.stub_api import StubApi

BUDGETS = """
[target]
path = "/v1/schema/"
contains = "Blog API"
[overall]
errors = 1
[invariants]
"""
INVARIANTS = (
    *("stale-reads", "contract", "unexpected-status", "slow-client", "retry-after"),
    *("computations-per-invalidation", "admitted-search"),
)


class ScenarioCase(unittest.TestCase):
    """A test that sends all scenarios to a stub."""

    def attack(self, *mistakes: str, tags: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the document of a run against a stub that makes these mistakes."""
        self.stub = StubApi(*mistakes)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / "budgets.toml").write_text(BUDGETS)
        with self.stub:
            thread = threading.Thread(target=self.stub.serve_forever, args=(0.01,))
            thread.start()
            with contextlib.redirect_stdout(io.StringIO()) as printed:
                self.code = cli.main(
                    [
                        *("load", "run", "--locustfile", str(run.LOCUSTFILE), "--seconds", "5"),
                        *("--host", self.stub.url, "--budgets", str(folder / "budgets.toml")),
                        *("--users", "12", "--output", str(folder / "out"), "--format", "json"),
                        *(("--tags", *tags) if tags else ()),
                    ]
                )
            self.stub.shutdown()
            thread.join()
            self.stub.hang_up()
        found = json.loads(printed.getvalue())
        assert isinstance(found, dict)
        return found


@tag("slow")
class SoundTests(ScenarioCase):
    def test_everybody_does_what_they_are_there_for_and_finds_nothing(self) -> None:
        found = self.attack()

        self.assertEqual((found["doubts"], found["overall"]["failures"]), ([], 0))
        self.assertEqual(self.code, 0)
        for line in (
            *(
                ("GET /v1/tags/", False),
                ("GET /v1/blogs/?page=1", False),
                ("GET /v1/blogs/u/", False),
            ),
            *(("GET /v1/blogs/u/comments/", False), ("GET /v1/authors/u/", False)),
            *(("POST /v1/accounts/registration/", False), ("POST /v1/accounts/login/", False)),
            *(("GET /v1/blogs/?search=blog", False), ("PATCH /v1/authors/u/", True)),
            *(("POST /v1/blogs/", True), ("PATCH /v1/blogs/u/", True), ("GET /v1/blogs/u/", True)),
            *(("DELETE /v1/blogs/u/", True), ("GET /v1/blogs/", False)),
        ):
            with self.subTest(line=line):
                self.assertIn(line, self.stub.asked)
        counted = found["invariants"]
        for name in INVARIANTS:
            with self.subTest(name=name):
                self.assertGreater(counted[name]["checks"], 0)
                self.assertEqual(counted[name]["broken"], 0, counted[name]["examples"])
        self.assertEqual(sorted(found["arrivals"]), ["LoginStorm", "MixedDay"])

    def test_tags_choose(self) -> None:
        found = self.attack(tags=("search", "day"))

        self.assertNotIn("POST /v1/blogs/", found["endpoints"])
        self.assertIn("GET /v1/blogs/?page=[n]", found["endpoints"])
        self.assertEqual(list(found["arrivals"]), ["MixedDay"])
        self.assertNotIn(("POST /v1/accounts/login/", False), self.stub.asked)


@tag("slow")
class MistakesTests(ScenarioCase):
    def test_each_mistake_is_counted_by_its_invariant(self) -> None:
        found = self.attack("recomputing", "admitting", "waiting", "contract")

        broken = {name for name, row in found["invariants"].items() if row["broken"]}
        expected = {"admitted-search", "computations-per-invalidation", "contract", "retry-after"}
        self.assertEqual(broken, expected)
        self.assertEqual(found["invariants"]["admitted-search"]["most"], 20)

    def test_stale_answers_and_wrong_statuses_are_counted(self) -> None:
        found = self.attack("stale", "status", tags=("coherence", "burst"))

        broken = {name for name, row in found["invariants"].items() if row["broken"]}
        self.assertEqual(broken, {"stale-reads", "unexpected-status"})
        self.assertIn("500", str(found["invariants"]["unexpected-status"]["examples"]))
