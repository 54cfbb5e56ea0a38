"""What follows from a condition, and what does not."""

import unittest

from quality_harness.migrations.conditions import follows
from quality_harness.migrations.definitions import UNKNOWN, Definition


def q(*positional: object, **named: object) -> Definition:
    return Definition("django.db.models.Q", positional, named)


class FollowsTest(unittest.TestCase):
    def test_follows(self) -> None:
        for wanted, held in (
            (q(a__in=("x", "y", "z")), q(a__in=("x", "y"))),
            (q(a__in=("x", "y")), q(a="x")),
            (q(a__in=("x", "y")), q(a__exact="y")),
            (q(a__gte=0), q(a__gte=1)),
            (q(a__gte=0), q(a__gt=0)),
            (q(a__gt=0), q(a__gte=1)),
            (q(a__lte=9), q(a__lt=9)),
            (q(a__lt=9), q(a=8)),
            (q(("a__gte", 0)), q(a__gte=0)),
            (q(a__gte=0), q(a__gte=0, b=1)),
            (q(a__gte=0), Definition("&", (q(b=1), q(a__gte=2)))),
            (q(a__gte=0, b=1), q(a__gte=0, b=1, c=2)),
            (Definition("|", (q(a=1), q(a__isnull=True))), q(a=1)),
            (q(("a", 1), ("a", 2), _connector="OR"), q(a=2)),
            (q(a__in=(1, 2, 3)), Definition("|", (q(a=1), q(a=2)))),
        ):
            with self.subTest(wanted=wanted, held=held):
                self.assertTrue(follows(wanted, held))

    def test_does_not_follow(self) -> None:
        for wanted, held in (
            (q(a__in=("x",)), q(a__in=("x", "y"))),
            (q(a__in=("x",)), q(a__in=UNKNOWN)),
            (q(a__in=("x", UNKNOWN)), q(a__in=("x", UNKNOWN, "y"))),
            (q(a__in=("x", UNKNOWN)), q(a__in=(UNKNOWN,))),
            (q(a__in=("x",)), q(a__gte=1)),
            (q(a__gte=1), q(a__gte=0)),
            (q(a__gt=0), q(a__gte=0)),
            (q(a__gte=0), q(b__gte=0)),
            (q(a__gte=0), q(a__lte=9)),
            (q(a__gte="a"), q(a__gte="b")),
            (q(a__gte=0, b=1), q(a__gte=0)),
            (q(a__in=(1, 2)), Definition("|", (q(a=1), q(a=3)))),
            (q(a=1, _negated=True), q(a=1)),
            (q(a=1), q(a=1, _negated=True)),
            (q(), q(a=1)),
            (q(a=1), Definition("~", (q(a=2),))),
            (UNKNOWN, q(a=1)),
            (q(a=1), None),
        ):
            with self.subTest(wanted=wanted, held=held):
                self.assertFalse(follows(wanted, held))
