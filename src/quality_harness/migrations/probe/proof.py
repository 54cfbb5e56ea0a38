"""What the probe's evidence means for a static finding."""

import re

from quality_harness.finding import Finding, Severity
from quality_harness.migrations.probe import rules
from quality_harness.migrations.probe.evidence import Evidence, Proof

# Parts of the names of static rules, and the evidence that proves them. None: a database with a
# single session and one history shows nothing of it.
_KINDS: tuple[tuple[re.Pattern[str], frozenset[str] | None], ...] = (
    (
        re.compile("conflict|deleted|edited|depend|squash|number|timeout|mixed|duplicate|task"),
        None,
    ),
    (re.compile("revers"), frozenset({rules.IRREVERSIBLE.code, rules.LOSSY_REVERSAL.code})),
    (re.compile("rewrite"), frozenset({rules.TABLE_REWRITE.code})),
    (
        re.compile("lock|concurrent|valid|index"),
        frozenset({rules.STRONG_LOCK.code, rules.TABLE_REWRITE.code}),
    ),
)
_HARM = frozenset({rules.DATA_LOST.code, rules.OLD_CODE_FAILS.code, rules.FAILS_ON_ROWS.code})
# What these rules are about shows only where the boundary rows meet a condition.
_NEEDS_ROWS = re.compile("row|python|delete|truncate|update|unresolved|custom|sql")
_SCHEMA = re.compile("sql-drop|sql-rename|delete-model|remove-field")


def verdict_on(finding: Finding, proof: Proof) -> str:
    """Return proved, refuted or unproved.

    Args:
        finding: of a static rule.
        proof: what the probe says about the same migration.
    """
    wanted = next((codes for part, codes in _KINDS if part.search(finding.rule)), _HARM)
    if wanted is None:
        return "unproved"
    found = [each for each in proof.evidence if each.code in wanted]
    if any(_is_about(finding, each, found) for each in found):
        return "proved"
    if found or not proof.complete or finding.severity is Severity.INFO:
        return "unproved"
    if _NEEDS_ROWS.search(finding.rule) and not _SCHEMA.search(finding.rule):
        return "refuted" if proof.matched else "unproved"
    said = finding.message.lower()
    if finding.rule.startswith("sql") and not any(each.lower() in said for each in proof.tables):
        # A view, a type, a schema, a function: the old models know nothing of it.
        return "unproved"
    return "refuted"


def _is_about(finding: Finding, evidence: Evidence, found: list[Evidence]) -> bool:
    """Whether both are about one model, as far as the finding names one."""
    said = finding.message.lower()
    named = {each.model for each in found if _name(each) and _name(each) in said}
    return not named or evidence.model in named


def _name(evidence: Evidence) -> str:
    return evidence.model.rpartition(".")[2].lower()
