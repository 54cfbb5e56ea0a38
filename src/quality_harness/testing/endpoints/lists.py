"""Asks lists with few and with more rows: as many queries, and pages that end."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from quality_harness.testing.endpoints import rules
from quality_harness.testing.endpoints.found import Found, listed, target
from quality_harness.testing.endpoints.asking import Asker, Case
from quality_harness.testing.endpoints.sending import Answer
from quality_harness.testing.roles import Role

# None at all, or one, may need fewer queries than two.
FEW, MORE = 2, 3
# How clients call the number of rows that they want.
SIZES = ("page_size", "limit", "per_page", "size")
HUGE = 1_000_000


def examine_list(
    asker: Asker, case: Case, few: Mapping[str, Answer], page_limit: int
) -> Iterator[Found]:
    """Ask a list that has few rows so far again with more, as each role that may read it.

    Args:
        asker: sends; what is made stays until the caller takes it back.
        case: a declaration that makes rows.
        few: the answers so far, by the names of roles.
        page_limit: how many rows a page may have.
    """
    assert case.declared.rows is not None
    roles = asker.endpoints.allowed(case.declared)
    case.declared.rows(asker.world, MORE)
    more = dict(asker.ask_each(roles, case))
    seeing = [role for role in roles if (more[role.name].rows or 0) > (few[role.name].rows or 0)]
    yield from _queries(case, {role: (few[role.name], more[role.name]) for role in seeing})
    if seeing:
        case.declared.rows(asker.world, page_limit + 1)
        yield from _page_size(asker, case, seeing[0], page_limit)
    else:
        message = f"{case.declared}: what its rows make does not make the list longer"
        hint = "make rows that the request finds, and that its first page shows"
        yield Found(rules.ROWS, message, hint, case.route)


def _queries(case: Case, asked: dict[Role, tuple[Answer, Answer]]) -> Iterator[Found]:
    other = {role: each for role, each in asked.items() if each[0].queries != each[1].queries}
    if other:
        few, more = next(iter(other.values()))
        message = (
            f"{target('GET', case.route)} takes {few.queries} queries for {few.rows} rows and "
            f"{more.queries} for {more.rows}, as {listed(role.name for role in other)}"
        )
        hint = "load what the rows refer to with them: select_related, prefetch_related, annotate"
        yield Found(rules.QUERIES, message, hint, case.route)


def _page_size(asker: Asker, case: Case, role: Role, page_limit: int) -> Iterator[Found]:
    for query, answer in _pages(asker, case, role):
        if (answer.rows or 0) > page_limit:
            asked = f" with ?{urlencode(query)}" if query else ""
            message = (
                f"{target('GET', case.route)}{asked} answers with {answer.rows} rows; "
                f"a page may have {page_limit}"
            )
            hint = "paginate the list and set max_page_size or max_limit"
            yield Found(rules.PAGE_SIZE, message, hint, case.route)
            return


def _pages(asker: Asker, case: Case, role: Role) -> Iterator[tuple[dict[str, int], Answer]]:
    """Yield pages of the size that the list has by itself, and of sizes that are asked for."""
    pages = getattr(case.route.handler, "pagination_class", None)
    own = [getattr(pages, f"{name}_query_param", None) for name in ("page_size", "limit")]
    sizes = {name: HUGE for name in (*own, *SIZES) if name}
    declared = asker.request(case).query
    yield {}, asker.ask(role, case)
    answer = asker.ask(role, case, query={**declared, **sizes})
    yield sizes, answer
    if answer.status >= 400:
        # Some of the names, or the size itself, is refused: each is asked for alone.
        for name in sizes:
            query = {name: HUGE}
            yield query, asker.ask(role, case, query={**declared, **query})
