"""Starts the probe's process and joins what it saw with what the static rules say."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

from quality_harness.finding import Finding, Location, Severity
from quality_harness.gate import CouldNotRun
from quality_harness.migrations.operations import Migration
from quality_harness.migrations.probe.evidence import Answer, Evidence, Proof, Wish
from quality_harness.migrations.probe.proof import verdict_on
from quality_harness.migrations.probe.rules import BY_CODE
from quality_harness.tool import last_line, run_module

_CHILD = "quality_harness.migrations.probe.child"
_LONGEST_STATEMENT = 200
# How many migrations are worth another process, which imports the project and runs all others.
_SHARE = 8


def ask(wish: Wish, environment: Mapping[str, str], server: Callable[[], str]) -> Answer:
    """Have the probe do what is asked for; a whole history in several processes.

    Args:
        wish: what is asked for.
        environment: with which the process can import the project.
        server: gives the server's address, and starts it again where it has ended.

    Raises:
        CouldNotRun: a process gave no answer, or has a problem to tell.
    """
    shares = _shares(wish)
    with ThreadPoolExecutor(len(shares)) as pool:
        answers = list(pool.map(lambda share: _ask(share, environment, server), shares))
    places = {path: place for place, path in enumerate(wish.judged)}
    proofs = [proof for answer in answers for proof in answer.proofs]
    proofs.sort(key=lambda proof: places.get(proof.path, -1))
    return Answer(tuple(proofs), "", max(answer.seconds for answer in answers))


def _shares(wish: Wish) -> list[Wish]:
    """Divide what is asked for where each migration is proved for itself."""
    most = 1 if wish.together else len(wish.judged) // _SHARE
    count = max(1, min(os.cpu_count() or 1, most))
    # Neighbours in a folder take alike, so they go to different processes.
    return [replace(wish, judged=wish.judged[first::count]) for first in range(count)]


def _ask(wish: Wish, environment: Mapping[str, str], server: Callable[[], str]) -> Answer:
    answer, said = _run(wish, environment)
    if answer is None or answer.problem:
        # It may have been killed, or lost the server: what it made must go all the same.
        _run(
            replace(
                wish, url=server(), judged=(), edited={}, installed=("django.contrib.contenttypes",)
            ),
            {},
        )
    if answer is None:
        raise CouldNotRun(f"The probe broke off: {said or 'no reason given'}.")
    if answer.problem:
        raise CouldNotRun(f"{answer.problem}. Try it: python manage.py migrate")
    return answer


def _run(wish: Wish, environment: Mapping[str, str]) -> tuple[Answer | None, str]:
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "wish.json"), Path(folder, "answer.json")
        asked.write_text(json.dumps(asdict(wish)), encoding="utf-8")
        done = run_module(
            _CHILD,
            [str(asked), str(answered)],
            cwd=Path(wish.root),
            extra="test",
            environment=environment,
        )
        if not answered.exists():
            return None, last_line(done.stderr)
        return Answer.from_json(json.loads(answered.read_text(encoding="utf-8"))), ""


def joined(
    static: Sequence[Finding], proofs: Sequence[Proof], migrations: Sequence[Migration]
) -> tuple[Finding, ...]:
    """Return the static findings with what became of them, and what the probe saw.

    Args:
        static: findings of the static rules; one about a migration of which there is no proof is
            left unproved.
        proofs: what the probe says.
        migrations: as they are read from their source, for the lines of their operations.
    """
    by_path = {proof.path: proof for proof in proofs}
    unproved = Proof("", complete=False)
    sources = {migration.path: migration for migration in migrations}
    judged = [_judged(each, by_path.get(each.location.path, unproved)) for each in static]
    seen = [
        _finding(evidence, proof, sources.get(proof.path))
        for proof in proofs
        for evidence in _grouped(proof.evidence)
    ]
    return (*judged, *seen)


def _judged(finding: Finding, proof: Proof) -> Finding:
    verdict = verdict_on(finding, proof)
    severity = Severity.INFO if verdict == "refuted" else finding.severity
    return replace(finding, proof=verdict, severity=severity)


def _grouped(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Make one of what the old code fails at with one model for one reason."""
    groups: dict[object, list[Evidence]] = {}
    for place, each in enumerate(evidence):
        key = (each.model, each.field, each.reason) if each.reason else place
        groups.setdefault(key, []).append(each)
    return [_with_all_verbs(group) for group in groups.values()]


def _with_all_verbs(group: Sequence[Evidence]) -> Evidence:
    verbs = [each.verb for each in group]
    if "update" in verbs:
        # To change is to update to other values.
        verbs = [verb for verb in verbs if verb != "change"]
    *more, last = verbs
    said = f"{', '.join(more)} and {last}" if more else last
    says = group[0].says.replace(f"fails to {group[0].verb}:", f"fails to {said}:", 1)
    return replace(group[0], says=says)


def _finding(evidence: Evidence, proof: Proof, migration: Migration | None) -> Finding:
    rule = BY_CODE[evidence.code]
    name = ".".join(filter(None, (evidence.model, evidence.field)))
    message = f"{name}: {evidence.says}" if name else evidence.says
    if evidence.statement:
        statement = " ".join(evidence.statement.split())
        if len(statement) > _LONGEST_STATEMENT:
            statement = f"{statement[: _LONGEST_STATEMENT - 3]}..."
        message = f"{message}; by: {statement}"
    found = rule.finding(_location(evidence, proof, migration), message, rule.instead)
    if evidence.informs:
        return replace(found, severity=Severity.INFO)
    return replace(found, severity=Severity.WARNING) if evidence.minor else found


def _location(evidence: Evidence, proof: Proof, migration: Migration | None) -> Location:
    """Return the operation's place, the first of its kind where the source tells no more."""
    operations = migration.operations if migration else ()
    for operation in operations:
        if operation.kind == evidence.kind:
            return Location(proof.path, operation.line, operation.column)
    if operations:
        return Location(proof.path, operations[0].line, operations[0].column)
    return Location(proof.path)
