"""Sends the API what its own OpenAPI document allows, and what it does not.

schemathesis makes the requests: one for each edge of each parameter and body (coverage), then
random ones. They go to the app in this process, without a socket, as several people and with the
ids of rows that are there. Each is checked against the document, in both versions of the API.

Exit codes: 0 every goal is met, 1 one is missed, 2 nothing was measured.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from rich.console import Console
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.errors import SchemathesisError
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi import checks

from benchmarks._fuzz_app import Application, fuzzed_app
from benchmarks._fuzz_tally import ACCEPTED, COLUMNS, OTHER, SERVER_ERROR, UNDOCUMENTED, Tally
from benchmarks.figures import Figure, conclude, print_table
from quality_harness.gate import CouldNotRun

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("/v1/schema/?format=json", "/v2/schema/?format=json")
GOAL = 5_000
SHARE_404 = 0.2
SEED = 20_260_301
SECONDS = 300
# Without positive_data_acceptance: that a tag or a token exists, a password is strong or a time is
# in the future are rules that no schema can hold, so valid input is refused, and rightly.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.unsupported_method,
    checks.ignored_auth,
]


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    cases: int
    seed: int
    seconds: float
    only: str


def main(argv: Sequence[str]) -> int:
    """Run the benchmark and return the exit code."""
    options = _parse(argv)
    console = Console(width=None if sys.stdout.isatty() else 160)
    try:
        tally = _measure(options)
    except CouldNotRun as problem:
        print(f"Nothing was measured: {problem}", file=sys.stderr)
        return 2
    _print_report(console, tally)
    cases = tally.total("cases")
    return conclude(
        [
            Figure("cases", cases, options.cases, "at_least"),
            Figure("server_errors", tally.total(SERVER_ERROR), 0, "at_most"),
            Figure("undocumented", tally.total(UNDOCUMENTED), 0, "at_most"),
            Figure("bad_input_accepted", tally.total(ACCEPTED), 0, "at_most"),
            Figure("other_failures", tally.total(OTHER), 0, "at_most"),
            Figure("share_404", round(tally.total("404") / cases, 3), SHARE_404, "below"),
        ]
    )


def _parse(argv: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=GOAL, help="how many at least")
    parser.add_argument("--seed", type=int, default=SEED, help="another one makes other requests")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="stop after so many")
    parser.add_argument("--only", default="", help="endpoints with this text, such as `POST /v1`")
    return Options(**vars(parser.parse_args(argv)))


def _measure(options: Options) -> Tally:
    """Send all cases.

    Raises:
        CouldNotRun: the app cannot be started, or there is no case.
    """
    sys.path[:0] = [str(ROOT / "reference_app"), str(ROOT)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    with fuzzed_app() as application:
        tally = _send_all(application, options)
    if not tally.counts:
        raise CouldNotRun(f"No endpoint has {options.only!r} in its name.")
    return tally


def _send_all(application: Application, options: Options) -> Tally:
    from benchmarks._fuzz_world import make_world

    world = make_world()
    tally = Tally()
    end = time.monotonic() + options.seconds
    chance = random.Random(options.seed)
    for case in _cases(application, options):
        if time.monotonic() > end:
            print(f"Stopped after {options.seconds:.0f} seconds.", file=sys.stderr)
            break
        role = world.role(chance, case.path)
        headers = {"Authorization": world.roles[role]} if world.roles[role] else {}
        _use_what_is_there(case, world, chance)
        response = case.call(headers=headers)
        failures = _failures(case, response, headers)
        curl = case.as_curl_command(headers=headers) if failures else ""
        tally.add(case.operation.label, role, response, failures, curl)
    return tally


def _cases(application: Application, options: Options) -> Iterator[Case]:
    """Yield the cases: all edges of all operations, then random ones up to the number wanted."""
    operations = []
    for document in DOCUMENTS:
        try:
            schema = schemathesis.openapi.from_wsgi(document, application)
        except SchemathesisError as error:
            raise CouldNotRun(f"{document} is no document to go by: {error}") from error
        # Who sends a request is decided here.
        schema.config.generation.update(with_security_parameters=False)
        # What is too long to be read is refused, too.
        refusals = schema.config.checks.negative_data_rejection
        refusals.expected_statuses = sorted({*refusals.expected_statuses, "413"})
        # The tokens of a database that is dropped are no secret.
        schema.config.output.sanitization.update(enabled=False)
        operations += [found.ok() for found in schema.get_all_operations()]
    operations = [found for found in operations if options.only in found.label]
    made = 0
    for operation in operations:
        edges = list(
            operation.schema.iter_coverage_cases(
                operation,
                generation_modes=list(GenerationMode),
                generation_config=operation.schema.config.generation,
            )
        )
        made += len(edges)
        yield from edges
    for number, operation in enumerate(operations):
        wanted = -(-(options.cases - made) // (len(operations) - number))
        for mode in GenerationMode:
            for case in _random_cases(operation, mode, wanted // 2 + 1, options.seed):
                made += 1
                yield case


def _random_cases(operation: Any, mode: GenerationMode, count: int, seed: int) -> list[Case]:
    """Return cases of one operation; fewer where there are no more, none where none can be made."""
    found: list[Case] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=max(count, 1),
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        found.append(case)

    try:
        collect()
    except Unsatisfiable:
        return []  # Such as bad input to an operation without any input.
    return found


def _use_what_is_there(case: Case, world: Any, chance: random.Random) -> None:
    """Put ids of rows into a case, but where it is about what stands in their place."""
    if case.path_parameters and not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters = world.identifiers(chance, case.path)
    valid = case.meta.generation.mode.is_positive
    if valid and "If-Match" in case.headers and chance.random() < 0.7:
        case.headers["If-Match"] = "*"
    if valid and chance.random() < 0.7:
        # Lists here have one page, and cursors are handed out by the app.
        case.query = {name: value for name, value in case.query.items() if name != "cursor"}
        case.query.update({"page": 1} if "page" in case.query else {})
    is_json = isinstance(case.body, dict) and case.media_type == "application/json"
    if valid and is_json and chance.random() < 0.7:
        case.body = world.fill(chance, case.path, case.body)


def _failures(case: Case, response: Any, headers: dict[str, str]) -> list[Failure]:
    try:
        case.validate_response(response, checks=CHECKS, headers=headers)
    except FailureGroup as group:
        return list(group.exceptions)
    return []


def _print_report(console: Console, tally: Tally) -> None:
    print_table(console, "Cases by endpoint", COLUMNS, tally.rows())
    roles = [
        (role, counts["cases"], counts["2xx"], counts["4xx"])
        for role, counts in sorted(tally.by_role.items())
    ]
    print_table(console, "Cases by role", ("role", "cases", "2xx", "4xx"), roles)
    for example in tally.examples.values():
        console.rule(example.title)
        # Not by rich: requests hold anything, markup included.
        print(example.message, "", example.request[:2000], "", example.answer, "", sep="\n")
