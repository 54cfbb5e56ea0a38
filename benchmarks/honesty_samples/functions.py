"""Tests of pytest's kind: each bad one passes and proves nothing; each good one looks like it."""

import contextlib
import warnings
from unittest import mock

import pytest

from shop import Article, OutOfStock, Shop, cheap, parse, total


@pytest.fixture
def gateway():
    return mock.Mock()


@pytest.fixture
def sold():
    article = Article().sell()
    assert article.is_sold
    return article


def check_total(given, expected):
    assert total(given) == expected


def test_bad_runs_only():
    Article().sell()


def test_good_runs_and_asserts():
    assert Article().sell().is_sold


def test_good_helper():
    check_total([1], 1)


def test_good_fixture_asserts(sold):
    sold.has_stock()


def test_bad_loop_over_nothing_found():
    for article in cheap([Article(price=9)]):
        assert article.price < 5


def test_good_loop():
    for article in cheap([Article(price=1)]):
        assert article.price < 5


def test_good_raises():
    with pytest.raises(ValueError, match="invalid literal"):
        parse("x")


def test_good_raises_with_a_callable():
    pytest.raises(ValueError, parse, "x")


def test_good_warns():
    with pytest.warns(UserWarning):
        warnings.warn("x", UserWarning, stacklevel=1)


def test_good_fails_otherwise():
    if total([1]) != 1:
        pytest.fail("wrong total")


def test_good_branch_not_taken():
    if not Article().has_stock():
        assert False, "there is stock"
    else:
        print("there is")


def test_bad_skipped_loop_with_zip():
    for given, expected in zip(cheap([]), [1], strict=False):
        assert given == expected


def test_bad_comparison_only():
    result = total([1, 2])
    result == 4


def test_good_comparison():
    result = total([1, 2])
    assert result == 3


def test_bad_returned():
    return total([1]) == 2


def test_bad_itself():
    result = total([1])
    assert result == result


def test_good_nan():
    value = float("nan")
    assert value != value


def test_bad_copied_expectation():
    result = total([3])
    expected = result
    assert expected == result


def test_bad_constant():
    Article().sell()
    assert True


def test_bad_text():
    assert "total is three"


def test_good_text():
    assert "e" in Article().title


def test_bad_formatted_text():
    assert f"total is {total([1])}"


def test_bad_tuple():
    assert (total([1]) == 2, "wrong total")


def test_good_parentheses():
    assert total([1]) == 1, "wrong total"


def test_bad_value_for_message():
    assert total([1, 2]), 4


def test_good_message():
    assert total([1, 2]), "no total"


def test_bad_function():
    assert check_total


def test_bad_lambda():
    assert lambda: total([1]) == 2


def test_bad_generator():
    assert (article.is_sold for article in [Article()])


def test_good_all():
    assert all(article.has_stock() for article in [Article()])


def test_bad_map():
    assert map(Article.has_stock, [Article(stock=0)])


def test_bad_count():
    assert len(cheap([])) >= 0


def test_good_count():
    assert len(cheap([Article()])) >= 1


def test_bad_or():
    assert total([1]) == 2 or 3


def test_good_or():
    assert total([1]) == 2 or total([2]) == 2


def test_bad_mock_against_itself():
    charge = mock.Mock()
    charge.return_value = 3
    assert charge() == charge.return_value


def test_good_mock_used():
    charge = mock.Mock()
    charge.charge.return_value = 3
    assert Shop(charge).pay(1) == 4


def test_bad_misspelled(gateway):
    Shop(gateway).notify()
    gateway.send.called_once_with("bought")


def test_good_spelled(gateway):
    Shop(gateway).notify()
    gateway.send.assert_called_once_with("sold", retry=False)


def test_bad_misspelled_and_asserted():
    gateway = mock.MagicMock()
    Shop(gateway).notify()
    assert gateway.send.called_with("bought")


def test_bad_not_called_assertion(gateway):
    Shop(gateway).notify()
    gateway.send.assert_called_once_with


def test_bad_made_up_attribute():
    article = mock.Mock()
    total([1])
    assert article.is_sold


def test_good_mock_was_called():
    gateway = mock.Mock()
    Shop(gateway).notify()
    assert gateway.send.called


def test_bad_swallowed():
    try:
        assert total([1]) == 5
    except AssertionError:
        pass


def test_good_expected_failure_of_a_helper():
    with pytest.raises(AssertionError):
        check_total([1], 5)


def test_bad_suppressed():
    with contextlib.suppress(Exception):
        assert total([1]) == 5


def test_bad_swallowed_by_bare_except():
    try:
        check = total([1])
        assert check == 5
    except:  # noqa: E722
        return


def test_bad_broad():
    with pytest.raises(Exception):
        article = Article(stock=0)
        article.sel()


def test_good_narrow():
    article = Article(stock=0)
    with pytest.raises(OutOfStock):
        article.sell()


def test_bad_after_the_raise():
    article = Article(stock=0)
    with pytest.raises(OutOfStock):
        article.sell()
        assert article.stock == -5


def test_good_after_the_block():
    article = Article(stock=0)
    with pytest.raises(OutOfStock):
        article.sell()
    assert article.stock == 0


def test_bad_looked_at_inside():
    with pytest.raises(OutOfStock) as caught:
        Article(stock=0).sell()
        assert str(caught.value) == "Coffee"


def test_bad_never_entered():
    pytest.raises(OutOfStock)
    Article().sell()


def test_bad_only_in_the_handler():
    try:
        parse("3")
    except ValueError as error:
        assert "invalid" in str(error)


def test_good_in_the_handler():
    try:
        parse("x")
    except ValueError as error:
        assert "invalid" in str(error)
    else:
        pytest.fail("it was read")


@pytest.mark.parametrize("given", [])
def test_bad_without_parameters(given):
    assert total(given) == 0


@pytest.mark.parametrize("given", [[1], [0, 1]])
def test_good_with_parameters(given):
    assert total(given) == 1


def test_bad_after_return():
    assert total([1]) == 1
    return
    assert total([1]) == 2


def test_bad_under_false():
    assert total([1]) == 1
    if False:
        assert total([1]) == 2


def test_good_approx():
    assert total([0.1, 0.2]) == pytest.approx(0.3)
