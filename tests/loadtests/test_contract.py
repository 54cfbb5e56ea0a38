import json
import unittest
from typing import Any

from loadtests.contract import Contract

BLOG = {
    "type": "object",
    "required": ["uuid", "cover"],
    "properties": {
        "uuid": {"type": "string"},
        "cover": {"type": "string", "nullable": True},
        "author": {"allOf": [{"$ref": "#/components/schemas/Author"}], "nullable": True},
    },
}
AUTHOR = {
    "type": "object",
    "required": ["pen_name"],
    "properties": {"pen_name": {"type": "string"}},
}


def response(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what an operation promises."""
    return {"content": {"application/json": {"schema": schema}}}


class ContractTests(unittest.TestCase):
    def setUp(self) -> None:
        blog = {"$ref": "#/components/schemas/Blog"}
        self.contract = Contract(
            {
                "components": {"schemas": {"Blog": BLOG, "Author": AUTHOR}},
                "paths": {
                    "/v1/blogs/{uuid}/": {
                        "get": {"responses": {"200": response(blog)}},
                        "delete": {"responses": {"204": {"description": "gone"}}},
                    },
                    "/v1/blogs/statistics/": {
                        "get": {"responses": {"200": response({"type": "array"})}}
                    },
                },
            }
        )

    def problem(self, answer: object, path: str = "/v1/blogs/7/", status: int = 200) -> str:
        return self.contract.problem("GET", path, status, json.dumps(answer).encode())

    def test_an_answer_that_keeps_it_is_no_problem(self) -> None:
        self.assertEqual(self.problem({"uuid": "7", "cover": "a", "author": {"pen_name": "A"}}), "")

    def test_what_may_be_null_may_be_null(self) -> None:
        self.assertEqual(self.problem({"uuid": "7", "cover": None, "author": None}), "")

    def test_a_field_that_is_missing_is_told(self) -> None:
        self.assertIn('body: "cover" is a required property', self.problem({"uuid": "7"}))

    def test_a_field_of_another_type_is_told_with_its_place(self) -> None:
        problem = self.problem({"uuid": "7", "cover": "a", "author": {"pen_name": 3}})

        self.assertIn("200, author", problem)

    def test_what_may_not_be_null_may_not(self) -> None:
        self.assertIn("uuid", self.problem({"uuid": None, "cover": "a"}))

    def test_the_plainer_path_counts(self) -> None:
        self.assertEqual(self.problem([], "/v1/blogs/statistics/"), "")

    def test_a_status_that_nobody_promised_is_told(self) -> None:
        self.assertIn("promises no 404", self.problem({}, status=404))

    def test_a_path_that_is_not_there_is_told(self) -> None:
        self.assertEqual(self.problem({}, "/v1/other/"), "GET /v1/other/ is not in the schema")

    def test_no_json_is_told(self) -> None:
        self.assertEqual(
            self.contract.problem("GET", "/v1/blogs/7/", 200, b"<p>"), "200 is no JSON"
        )

    def test_no_body_is_promised_and_none_comes(self) -> None:
        self.assertEqual(self.contract.problem("DELETE", "/v1/blogs/7/", 204, b""), "")
        self.assertIn(
            "a body where none", self.contract.problem("DELETE", "/v1/blogs/7/", 204, b"{}")
        )
