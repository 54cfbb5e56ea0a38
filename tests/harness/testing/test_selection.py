import argparse
from unittest import TestCase

from quality_harness.testing.ids import as_label, group_of
from quality_harness.testing.options import OURS, RunOptions
from quality_harness.testing.selection import Shard, new_seed, shuffled

IDS = [f"tests/test_{m}.py::C{c}::test_{t}" for m in "ab" for c in range(3) for t in range(4)]


class ShardTests(TestCase):
    def test_every_test_is_in_exactly_one_part(self) -> None:
        parts = [Shard(number, 3).of(IDS) for number in (1, 2, 3)]

        self.assertEqual(sorted(each for part in parts for each in part), sorted(IDS))

    def test_classes_stay_whole(self) -> None:
        mine = Shard(2, 4).of(IDS)

        groups = {group_of(each) for each in mine}
        self.assertEqual(mine, {each for each in IDS if group_of(each) in groups})

    def test_parts_are_of_equal_size(self) -> None:
        self.assertEqual({len(Shard(number, 3).of(IDS)) for number in (1, 2, 3)}, {8})

    def test_the_order_of_collection_does_not_matter(self) -> None:
        self.assertEqual(Shard(1, 2).of(IDS), Shard(1, 2).of(IDS[::-1]))

    def test_what_is_no_shard_is_refused(self) -> None:
        for text in ("2", "a/b", "0/3", "4/3", "1/0", "-1/2", "1/2/3"):
            with self.subTest(text), self.assertRaisesRegex(ValueError, "is no shard"):
                Shard.parse(text)

    def test_is_written_as_it_is_read(self) -> None:
        self.assertEqual(str(Shard.parse("2/3")), "2/3")


class ShuffledTests(TestCase):
    def test_a_seed_repeats_an_order(self) -> None:
        self.assertEqual(shuffled(IDS, 7), shuffled(IDS[::-1], 7))
        self.assertNotEqual(shuffled(IDS, 7), shuffled(IDS, 8))
        self.assertCountEqual(shuffled(IDS, 7), IDS)

    def test_classes_stay_together(self) -> None:
        groups = [group_of(each) for each in shuffled(IDS, 7)]

        changes = sum(one != other for one, other in zip(groups, groups[1:], strict=False))
        self.assertEqual(changes, len(set(groups)) - 1)

    def test_leaving_tests_out_keeps_the_order_of_the_others(self) -> None:
        few = IDS[::3]

        self.assertEqual(shuffled(few, 7), [each for each in shuffled(IDS, 7) if each in few])

    def test_seeds_are_short(self) -> None:
        self.assertLess(new_seed(), 10**6)


class LabelTests(TestCase):
    def test_ids_become_labels_of_django(self) -> None:
        self.assertEqual(as_label("tests/test_a.py::A::B::test_x"), "tests.test_a.A.B.test_x")
        self.assertEqual(as_label("tests/test_a.py"), "tests.test_a")
        self.assertEqual(as_label("tests/test_a.py::test_x[one]"), "tests.test_a.test_x")

    def test_labels_stay(self) -> None:
        for label in ("tests.test_a.A", "tests/unit", "."):
            self.assertEqual(as_label(label), label)


class RunOptionsTests(TestCase):
    def parse(self, *arguments: str) -> RunOptions:
        parser = argparse.ArgumentParser(exit_on_error=False)
        for name, settings in OURS.items():
            parser.add_argument(name, **settings)
        return RunOptions.read(vars(parser.parse_args(arguments)), time_limit=5.0)

    def test_the_option_overrides_the_configured_limit(self) -> None:
        self.assertEqual(self.parse().time_limit, 5.0)
        self.assertEqual(self.parse("--time-limit", "0").time_limit, 0)
        self.assertEqual(self.parse("--time-limit", "1.5").time_limit, 1.5)

    def test_bad_values_are_refused(self) -> None:
        for arguments in (
            ("--time-limit", "soon"),
            ("--time-limit", "-1"),
            ("--time-limit", "inf"),
            ("--shard", "5/4"),
        ):
            with self.subTest(arguments), self.assertRaises(argparse.ArgumentError):
                self.parse(*arguments)
