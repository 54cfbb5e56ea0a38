"""Any exception of several statements will do."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Rule
from quality_harness.testing.honesty.module import Module, words
from quality_harness.testing.honesty.raising import is_looked_at, raising_blocks

RULE = Rule(
    code="HON020",
    name="broad-raises",
    summary="A block of several statements expects an Exception of any kind.",
    reason=(
        "A slip in the first statement, a name that does not exist, a missing argument: each is an "
        "Exception, and the test passes without having come to what it is about."
    ),
    instead="Name the exception, and keep only the call that raises it in the block.",
    bad=("with self.assertRaises(Exception):\n    blog = make_blog()\n    blog.publish()"),
    good=("blog = make_blog()\nwith self.assertRaises(NotAllowed):\n    blog.publish()"),
)


def check(module: Module) -> Iterator[Finding]:
    """Give a finding for each such block."""
    for block in raising_blocks(module):
        if block.is_broad and len(block.node.body) > 1 and not is_looked_at(module, block):
            yield module.finding(
                RULE,
                block.node,
                f"{words(block.call)} is content with any exception of its "
                f"{len(block.node.body)} statements.",
                "Name the exception, and leave only the call that raises it in the block.",
            )
