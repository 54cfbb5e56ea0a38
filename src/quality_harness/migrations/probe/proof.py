"""What the probe's evidence means for a static finding."""

from quality_harness.finding import Finding, Severity
from quality_harness.migrations.probe import rules
from quality_harness.migrations.probe.evidence import Evidence, Proof
from quality_harness.migrations.sql.statements import Act

_HARM = frozenset({rules.DATA_LOST.code, rules.OLD_CODE_FAILS.code, rules.FAILS_ON_ROWS.code})
_REVERSAL = frozenset({rules.IRREVERSIBLE.code, rules.LOSSY_REVERSAL.code})
_REWRITE = frozenset({rules.TABLE_REWRITE.code})
_LOCK = frozenset({rules.STRONG_LOCK.code, rules.TABLE_REWRITE.code})
# What these rules are about shows whatever the rows are.
_OF_SCHEMA = (
    "delete-model",
    "remove-field",
    "rename-model",
    "rename-field",
    "alter-model-table",
    "sql-drop",
    "sql-rename",
    "add-not-null-field",
    "null-to-not-null",
    "incompatible-type",
    "alter-db-column",
    "new-unique",
    "new-check",
    "new-foreign-key",
    "drop-db-default",
    "many-to-many-swap",
)
# What these are about shows only where the boundary rows meet a condition.
_OF_ROWS = (
    "sql-truncate",
    "sql-delete-rows",
    "run-python-destroys",
    "unresolved-operation",
    "narrowed-type",
    "update-rows",
)
# The evidence that proves the findings of a static rule. A rule that is not named here is left
# unproved: a database with a single session and one history shows nothing of it.
_PROVED_BY = {
    **dict.fromkeys((*_OF_SCHEMA, *_OF_ROWS), _HARM),
    **dict.fromkeys(("irreversible", "lossy-reversal"), _REVERSAL),
    **dict.fromkeys(("table-rewrite",), _REWRITE),
    **dict.fromkeys(("edited-migration",), frozenset({rules.EDIT_DIFFERS.code})),
    **dict.fromkeys(("index-not-concurrent", "validated-at-once"), _LOCK),
}


def verdict_on(finding: Finding, proof: Proof) -> str:
    """Return proved, refuted or unproved.

    Args:
        finding: of a static rule.
        proof: what the probe says about the same migration.
    """
    wanted = _PROVED_BY.get(finding.rule)
    if wanted is None:
        return "unproved"
    found = [each for each in proof.evidence if each.code in wanted and not each.informs]
    if any(_is_about(finding, each, found) for each in found):
        return "proved"
    if found or not proof.complete or finding.severity is Severity.INFO:
        return "unproved"
    said = finding.message.lower()
    if Act.RESTART in said:
        # Rows are compared, not the number that a sequence gives next.
        return "unproved"
    # A partition takes rows by their values: whether any are in the way is the rows' to show.
    if finding.rule in _OF_ROWS or "partition" in said:
        return "refuted" if proof.matched else "unproved"
    is_of_sql = finding.rule.startswith("sql") or said.startswith("runsql")
    if is_of_sql and not any(each.lower() in said for each in proof.tables):
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
