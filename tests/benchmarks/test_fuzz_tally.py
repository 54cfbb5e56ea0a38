"""What the fuzz counts, and which failures it keeps."""

from types import SimpleNamespace

from django.test import SimpleTestCase
from schemathesis.core.failures import AcceptedNegativeData, Failure, ServerError
from schemathesis.openapi.checks import UndefinedStatusCode

from benchmarks._fuzz_tally import COLUMNS, Tally

ENDPOINT = "GET /v1/tags/"


def accepted(what: str) -> Failure:
    return AcceptedNegativeData(
        operation=ENDPOINT, message=what, status_code=200, expected_statuses=["400"]
    )


class TallyTests(SimpleTestCase):
    def setUp(self) -> None:
        self.tally = Tally()

    def add(self, status: int, *failures: Failure, endpoint: str = ENDPOINT) -> None:
        response = SimpleNamespace(status_code=status, content=b"\xff answer")
        self.tally.add(endpoint, "author", response, failures, "curl ...")

    def test_answers_are_counted_by_endpoint_and_together(self) -> None:
        for status in (200, 201, 404, 400):
            self.add(status)
        self.add(204, endpoint="DELETE /v1/tags/")
        self.assertEqual(
            self.tally.rows(),
            [
                ("DELETE /v1/tags/", 1, 1, 0, 0, 0, 0, 0, 0),
                (ENDPOINT, 4, 2, 2, 1, 0, 0, 0, 0),
                ("all", 5, 3, 2, 1, 0, 0, 0, 0),
            ],
        )
        self.assertEqual(len(COLUMNS), len(self.tally.rows()[0]))

    def test_answers_are_counted_by_role(self) -> None:
        self.add(200)
        self.add(400)
        self.assertEqual(self.tally.by_role["author"], {"cases": 2, "2xx": 1, "4xx": 1})

    def test_each_failure_counts_as_what_it_is(self) -> None:
        self.add(500, ServerError(operation=ENDPOINT, status_code=500))
        self.add(200, accepted("a"))
        undefined = UndefinedStatusCode(
            operation=ENDPOINT,
            status_code=418,
            defined_status_codes=["200"],
            allowed_status_codes=[200],
            message="",
        )
        self.add(418, undefined)
        self.add(200, Failure(operation=ENDPOINT, title="Another", message=""))
        names = ("5xx", "undocumented", "bad input", "other")
        self.assertEqual([self.tally.total(name) for name in names], [1, 1, 1, 1])

    def test_one_example_of_each_failure_is_kept(self) -> None:
        for what in ("a", "a", "b"):
            self.add(200, accepted(what))
        self.assertEqual([example.message for example in self.tally.examples.values()], ["a", "b"])
        self.assertIn("answer", next(iter(self.tally.examples.values())).answer)
