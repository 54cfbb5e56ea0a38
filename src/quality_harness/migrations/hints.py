"""Sentences that the hints of several rules share."""

from quality_harness.finding import Rule


def accept(rule: Rule) -> str:
    """Return how to accept a finding of the rule."""
    return (
        f"To accept it, write `# quality-harness: ignore[{rule.code}]: reason` "
        "on this line or the line above."
    )
