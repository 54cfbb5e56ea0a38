"""Tests of unittest's kind: each bad one passes and proves nothing; each good one looks like it."""

import contextlib
import logging
import unittest
from unittest import TestCase, mock
from unittest.mock import ANY, MagicMock, Mock, patch

from shop import Article, OutOfStock, Shop, cheap, feed, parse, total


class NothingAsserted(TestCase):
    def test_bad_runs_only(self):
        Article().sell()

    def test_good_runs_and_asserts(self):
        self.assertTrue(Article().sell().is_sold)

    def test_bad_loop_over_nothing_found(self):
        for article in cheap([Article(price=9)]):
            with self.subTest(article.title):
                self.assertLess(article.price, 5)

    def test_good_loop_over_something(self):
        for article in cheap([Article(price=1)]):
            with self.subTest(article.title):
                self.assertLess(article.price, 5)

    def test_bad_branch_not_taken(self):
        article = Article(stock=0)
        if article.has_stock():
            self.assertEqual(article.sell().stock, 1)

    def test_good_branch_with_another_way(self):
        article = Article(stock=0)
        if article.has_stock():
            self.fail("there is no stock")

    def check(self, article):
        self.assertEqual(article.title, "Tea")

    def prepare(self, article):
        article.sell()

    def test_good_helper_asserts(self):
        self.check(Article())

    def test_bad_helper_asserts_nothing(self):
        self.prepare(Article())

    def test_bad_prints(self):
        print(total([1, 2]))

    def test_bad_context_that_asserts_nothing(self):
        with contextlib.redirect_stdout(None):
            Article().sell()

    def test_good_must_not_raise(self):
        try:
            Article().sell()
        except OutOfStock:
            self.fail("there was stock")

    def test_good_logs(self):
        with self.assertLogs("shop", "INFO"):
            logging.getLogger("shop").info("sold")

    def test_good_called_mock(self):
        gateway = Mock()
        Shop(gateway).notify()
        gateway.send.assert_called_once_with("sold", retry=False)


class Itself(TestCase):
    def test_bad_same_attribute(self):
        article = Article().sell()
        self.assertEqual(article.stock, article.stock)

    def test_good_attributes_of_two(self):
        article = Article().sell()
        self.assertEqual(article.stock, Article(stock=1).stock)

    def test_bad_expected_is_the_result(self):
        result = total([1, 2])
        expected = result
        self.assertEqual(result, expected)

    def test_good_expected_is_a_copy_of_before(self):
        prices = [1, 2]
        before = list(prices)
        total(prices)
        self.assertEqual(prices, before)

    def test_bad_length_of_itself(self):
        found = cheap([Article()])
        self.assertTrue(len(found) == len(found))

    def test_good_length_of_another(self):
        given = [Article()]
        found = cheap(given)
        self.assertTrue(len(found) == len(given))

    def test_bad_is_itself(self):
        article = Article()
        self.assertIs(article, article)

    def test_good_is_what_comes_back(self):
        article = Article()
        self.assertIs(article.sell(), article)

    def test_good_equality_and_hash(self):
        article = Article()
        self.assertEqual(article, article)
        self.assertNotEqual(article, Article("Coffee"))


class Constants(TestCase):
    def test_bad_true(self):
        Article().sell()
        self.assertTrue(True)

    def test_good_true_of_the_result(self):
        self.assertTrue(Article().sell())

    def test_bad_numbers(self):
        total([1, 2])
        self.assertEqual(1, 1)

    def test_good_numbers(self):
        self.assertEqual(total([1]), 1)

    def test_bad_none(self):
        Article().sell()
        self.assertIsNone(None)

    def test_bad_member_of_a_literal(self):
        total([])
        self.assertIn("a", ["a", "b"])

    def test_good_member(self):
        self.assertIn("e", Article().title)

    def test_bad_or_true(self):
        article = Article()
        self.assertTrue(article.is_sold or True)

    def test_good_or(self):
        article = Article()
        self.assertTrue(article.is_sold or article.has_stock())

    def test_bad_anything(self):
        self.assertEqual(total([1]), ANY)

    def test_good_anything_inside(self):
        self.assertEqual({"total": total([1]), "at": 5}, {"total": 1, "at": ANY})


class WrongForm(TestCase):
    def test_bad_message_for_value(self):
        self.assertTrue(total([1, 2]), 3)

    def test_good_message(self):
        self.assertTrue(total([1, 2]), "there is no total")

    def test_bad_expected_for_message(self):
        expected = 7
        self.assertTrue(total([1, 2]), expected)

    def test_bad_word_for_value(self):
        article = Article()
        self.assertTrue(article.title, "Coffee")

    def test_good_word_for_message(self):
        article = Article()
        self.assertTrue(article.has_stock(), article.title)

    def test_bad_method_not_called(self):
        article = Mock(spec=["is_valid"])
        self.assertTrue(article.is_valid)

    def test_good_method_called(self):
        article = Mock(spec=["is_valid"])
        self.assertTrue(article.is_valid())

    def test_bad_tuple(self):
        self.assertTrue((total([1]) == 2, "wrong total"))

    def test_good_not_a_tuple(self):
        self.assertTrue(total([1]) == 1, "wrong total")

    def test_bad_generator(self):
        self.assertTrue(article.is_sold for article in [Article()])

    def test_good_any_of_generator(self):
        self.assertTrue(any(article.has_stock() for article in [Article()]))

    def test_bad_new_object_is_there(self):
        self.assertIsNotNone(Article("Tea"))

    def test_good_found_is_there(self):
        self.assertIsNotNone(Article().sell())

    def test_bad_count_below_zero(self):
        self.assertGreaterEqual(len(cheap([])), 0)

    def test_good_count(self):
        self.assertGreaterEqual(len(cheap([Article()])), 1)

    def test_bad_sorted_in_place(self):
        left, right = [1, 2], [3]
        self.assertEqual(left.sort(), right.sort())

    def test_good_sorted(self):
        self.assertEqual(sorted([2, 1]), [1, 2])


class Mocks(TestCase):
    def test_bad_own_return_value(self):
        gateway = Mock()
        gateway.charge.return_value = 5
        self.assertEqual(gateway.charge(3), 5)

    def test_good_value_through_the_code(self):
        gateway = Mock()
        gateway.charge.return_value = 5
        self.assertEqual(Shop(gateway).pay(3), 8)

    def test_bad_own_return_value_by_name(self):
        charge = MagicMock(return_value=2)
        fee = charge(1)
        self.assertEqual(fee, 2)

    def test_bad_patched_and_compared(self):
        with patch.object(Article, "has_stock", return_value=False):
            article = Article()
            self.assertEqual(article.has_stock(), False)

    def test_good_patched_and_used(self):
        with patch.object(Article, "has_stock", return_value=False):
            article = Article()
            with self.assertRaises(OutOfStock):
                article.sell()

    def test_bad_misspelled(self):
        gateway = Mock()
        Shop(gateway).notify()
        gateway.send.called_once_with("bought")

    def test_good_spelled(self):
        gateway = Mock()
        Shop(gateway).notify()
        gateway.send.assert_called_once_with("sold", retry=False)

    def test_bad_misspelled_and_asserted(self):
        gateway = Mock()
        Shop(gateway).notify()
        self.assertTrue(gateway.send.called_with("bought"))

    def test_good_called(self):
        gateway = Mock()
        Shop(gateway).notify()
        self.assertTrue(gateway.send.called)

    def test_bad_not_called_at_all(self):
        gateway = Mock()
        Shop(gateway)
        gateway.send.assert_called_once

    def test_good_not_sent(self):
        gateway = Mock()
        Shop(gateway)
        gateway.send.assert_not_called()

    def test_bad_made_up_attribute(self):
        article = Mock()
        Article.sell(Mock(stock=1))
        self.assertTrue(article.is_sold)

    def test_good_attribute_set_by_the_code(self):
        article = Mock(stock=1, is_sold=False)
        Article.sell(article)
        self.assertTrue(article.is_sold)

    def test_bad_mock_is_there(self):
        shop = Shop(MagicMock())
        self.assertIsNotNone(shop.gateway)
        gateway = mock.MagicMock()
        self.assertIsNotNone(gateway.receipt)

    @patch("shop.total")
    def test_bad_decorated_own_return_value(self, replaced):
        replaced.return_value = 9
        self.assertEqual(replaced([1]), 9)


class Exceptions(TestCase):
    def test_bad_swallowed(self):
        try:
            self.assertEqual(total([1]), 5)
        except AssertionError:
            pass

    def test_good_not_swallowed(self):
        try:
            result = parse("x")
        except ValueError:
            result = 0
        self.assertEqual(result, 0)

    def test_bad_swallowed_with_everything(self):
        try:
            article = Article(stock=0).sell()
            self.assertFalse(article.is_sold)
        except Exception as error:
            print(error)

    def test_bad_suppressed(self):
        with contextlib.suppress(AssertionError):
            self.assertEqual(total([1]), 5)

    def test_good_suppressed(self):
        article = Article(stock=0)
        with contextlib.suppress(OutOfStock):
            article.sell()
        self.assertFalse(article.is_sold)

    def test_bad_failure_swallowed(self):
        try:
            parse("3")
            self.fail("it was read")
        except Exception:
            pass

    def test_good_failure_not_swallowed(self):
        try:
            parse("x")
            self.fail("it was read")
        except ValueError:
            pass

    def test_bad_broad(self):
        with self.assertRaises(Exception):
            article = Article(stock=0)
            article.sel()

    def test_good_narrow(self):
        article = Article(stock=0)
        with self.assertRaises(OutOfStock):
            article.sell()

    def test_bad_after_the_raise(self):
        article = Article(stock=0)
        with self.assertRaises(OutOfStock):
            article.sell()
            self.assertEqual(article.stock, -5)

    def test_good_after_the_block(self):
        article = Article(stock=0)
        with self.assertRaises(OutOfStock):
            article.sell()
        self.assertEqual(article.stock, 0)

    def test_bad_looked_at_inside(self):
        with self.assertRaises(OutOfStock) as caught:
            Article("Tea", stock=0).sell()
            self.assertEqual(str(caught.exception), "Coffee")

    def test_good_looked_at_below(self):
        with self.assertRaises(OutOfStock) as caught:
            Article("Tea", stock=0).sell()
        self.assertEqual(str(caught.exception), "Tea")

    def test_bad_only_in_the_handler(self):
        try:
            parse("3")
        except ValueError as error:
            self.assertIn("invalid", str(error))

    def test_good_in_the_handler_with_another_way(self):
        try:
            parse("x")
        except ValueError as error:
            self.assertIn("invalid", str(error))
        else:
            self.fail("it was read")

    def test_bad_never_entered(self):
        self.assertRaises(OutOfStock)
        Article().sell()

    def test_good_called(self):
        self.assertRaises(OutOfStock, Article(stock=0).sell)


class NotReached(TestCase):
    def test_bad_empty_literal(self):
        total([1])
        for price in []:
            self.assertEqual(price, 1)

    def test_good_literal(self):
        for price in [1]:
            self.assertEqual(total([price]), 1)

    def test_bad_empty_name(self):
        cases = []
        self.assertEqual(total([]), 0)
        for given, expected in cases:
            self.assertEqual(total(given), expected)

    def test_good_filled_name(self):
        cases = []
        cases.append(([1], 1))
        for given, expected in cases:
            self.assertEqual(total(given), expected)

    def test_bad_after_return(self):
        self.assertEqual(total([1]), 1)
        return
        self.assertEqual(total([2]), 3)

    def test_bad_inner_function(self):
        self.assertEqual(total([1]), 1)

        def check():
            self.assertEqual(total([2]), 3)

    def test_good_inner_function(self):
        def check():
            self.assertEqual(total([2]), 2)

        check()

    def test_bad_compared_only(self):
        total([1]) == 2

    def test_good_comparison_that_raises(self):
        with self.assertRaises(TypeError):
            Article() < Article()

    def test_bad_returned(self):
        return total([1]) == 2

    def test_bad_generator_test(self):
        self.assertEqual(total([1]), 2)
        yield

    def test_good_inner_generator(self):
        def prices():
            yield 1

        self.assertEqual(total(prices()), 1)


class AsynchronousInPlain(TestCase):
    async def test_bad_never_awaited(self):
        self.assertEqual(await feed(), [])


class Asynchronous(unittest.IsolatedAsyncioTestCase):
    async def read(self):
        self.assertEqual(await feed(), ["Coffee"])

    async def look(self):
        self.assertEqual(await feed(), ["Tea"])

    async def test_good_awaited(self):
        await self.look()

    async def test_bad_helper_not_awaited(self):
        self.read()

    async def test_bad_awaits_and_asserts_nothing(self):
        await feed()
