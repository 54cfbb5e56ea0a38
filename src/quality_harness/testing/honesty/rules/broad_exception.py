"""An Exception of any kind will do."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule, Severity
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.raising import is_looked_at, raising_blocks

RULE = Rule(
    code="HON021",
    name="broad-exception",
    summary="A single statement is expected to raise an Exception of any kind.",
    reason=(
        "A misspelled name in the statement raises, too. With one statement it is likely that the "
        "right thing was raised when the test was written, so this is a warning."
    ),
    instead="Name the exception, or ask for its message with `match` or assertRaisesMessage.",
    bad="with self.assertRaises(Exception):\n    blog.publish()",
    good="with self.assertRaises(NotAllowed):\n    blog.publish()",
    severity=Severity.WARNING,
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such block."""
    for block in raising_blocks(module):
        if block.is_broad and len(block.node.body) == 1 and not is_looked_at(module, block):
            yield module.finding(
                RULE,
                block.node,
                f"{words(block.call)} is content with any exception, a misspelled name's too.",
                "Name the exception, or ask for its message.",
            )
