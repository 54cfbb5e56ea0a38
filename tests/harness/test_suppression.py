import unittest
from dataclasses import replace

from freezegun import freeze_time

from quality_harness import suppression
from quality_harness.finding import Finding, Location
from quality_harness.suppression import Suppression, read_suppressions
from tests.harness.projects import ProjectCase

MARK = "# quality-harness: ignore"


def finding(line: int = 1, code: str = "MIG001", path: str = "a.py") -> Finding:
    return Finding(code, "rule", "message", "hint", Location(path, line))


def accepted(line: int = 1, code: str = "MIG001", reason: str = "why") -> Suppression:
    return Suppression(Location("a.py", line), line, code, reason)


class ReadSuppressionsTests(ProjectCase):
    def read(self, source: str) -> list[tuple[int, str, str]]:
        self.write({"a.py": source})
        found = read_suppressions(self.root, ["a.py"])
        return [(one.target, one.code, one.reason) for one in found]

    def test_a_comment_at_the_end_of_a_line_is_about_that_line(self):
        found = self.read(f"x = 1\ny = 2  {MARK}[MIG001]: emptied before\n")

        self.assertEqual(found, [(2, "MIG001", "emptied before")])

    def test_a_comment_on_its_own_line_is_about_the_next_line_of_code(self):
        found = self.read(f"x = 1\n{MARK}[MIG001]: why\n# more\n\ny = 2\n")

        self.assertEqual(found, [(5, "MIG001", "why")])

    def test_a_comment_inside_brackets_is_about_the_next_entry(self):
        found = self.read(f"x = [\n    1,\n    {MARK}[MIG001]: why\n    2,\n]\n")

        self.assertEqual(found, [(4, "MIG001", "why")])

    def test_a_comment_without_a_reason_has_an_empty_one(self):
        self.assertEqual(self.read(f"x = 1  {MARK}[MIG001]\n"), [(1, "MIG001", "")])

    def test_a_comment_may_name_its_last_day(self):
        self.write({"a.py": f"x = 1  {MARK}[MIG001, until 2027-01-31]: why\n"})

        (found,) = read_suppressions(self.root, ["a.py"])

        self.assertEqual((found.code, found.until, found.reason), ("MIG001", "2027-01-31", "why"))

    def test_what_follows_the_comma_is_never_passed_over(self):
        self.write({"a.py": f"x = 1  {MARK}[MIG001, MIG002]: why\n"})

        (found,) = read_suppressions(self.root, ["a.py"])

        self.assertEqual(found.problem, "ends on 'MIG002', which is no day")

    def test_a_text_that_looks_like_a_comment_is_none(self):
        self.assertEqual(self.read(f'x = "{MARK}[MIG001]: why"\n'), [])

    def test_a_file_that_is_no_python_has_none(self):
        self.write({"notes.txt": f"{MARK}[MIG001]: why\n"})

        self.assertEqual(read_suppressions(self.root, ["notes.txt"]), ())

    def test_a_file_that_cannot_be_tokenized_has_none(self):
        self.assertEqual(self.read(f"x = (  {MARK}[MIG001]: why\n"), [])


class ApplyTests(unittest.TestCase):
    def test_a_finding_on_the_line_carries_the_reason(self):
        (marked,) = suppression.apply([finding()], [accepted()])

        self.assertEqual(marked.suppressed, "why")
        self.assertFalse(marked.counts)

    def test_findings_of_another_line_code_or_file_stay(self):
        others = [finding(line=2), finding(code="MIG002"), finding(path="b.py")]

        marked = suppression.apply(others, [accepted()])

        self.assertEqual([one.suppressed for one in marked], [None, None, None])

    def test_without_a_reason_nothing_is_accepted(self):
        (marked,) = suppression.apply([finding()], [accepted(reason="")])

        self.assertIsNone(marked.suppressed)


@freeze_time("2027-01-31")
class LastDayTests(unittest.TestCase):
    def accepted_until(self, day: str) -> str | None:
        (marked,) = suppression.apply([finding()], [replace(accepted(), until=day)])
        return marked.suppressed

    def problems(self, day: str) -> list[tuple[str, str]]:
        one = replace(accepted(), until=day)
        found = suppression.review([one], [finding()], lambda code: True, lambda one: True)
        return [(problem.code, problem.message) for problem in found]

    def test_on_its_last_day_it_accepts(self):
        self.assertEqual(self.accepted_until("2027-01-31"), "why")
        self.assertEqual(self.problems("2027-01-31"), [])

    def test_a_day_later_it_accepts_nothing_and_is_a_finding(self):
        self.assertIsNone(self.accepted_until("2027-01-30"))
        self.assertEqual(
            self.problems("2027-01-30"),
            [("SUP004", "the suppression of MIG001 ended on 2027-01-30")],
        )

    def test_a_day_that_cannot_be_read_accepts_nothing_and_is_a_finding(self):
        self.assertIsNone(self.accepted_until("soon"))
        self.assertEqual(
            self.problems("soon"),
            [("SUP004", "the suppression of MIG001 ends on 'soon', which is no day")],
        )


class ReviewTests(unittest.TestCase):
    def review(self, one, findings=(), *, known=True, looked_at=True):
        problems = suppression.review(
            [one], findings, known=lambda code: known, looked_at=lambda one: looked_at
        )
        return [problem.code for problem in problems]

    def test_one_that_accepts_a_finding_is_right(self):
        self.assertEqual(self.review(accepted(), [finding()]), [])

    def test_an_unknown_code_is_a_finding(self):
        self.assertEqual(self.review(accepted(), known=False), ["SUP002"])

    def test_a_missing_reason_is_a_finding(self):
        self.assertEqual(self.review(accepted(reason=""), [finding()]), ["SUP001"])

    def test_one_that_accepts_nothing_is_stale(self):
        self.assertEqual(self.review(accepted(), [finding(line=7)]), ["SUP003"])

    def test_one_whose_file_no_gate_looked_at_is_not_called_stale(self):
        self.assertEqual(self.review(accepted(), looked_at=False), [])
