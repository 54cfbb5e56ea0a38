"""What a rule or a gate is about, from its own file: for `explain` and for docs/rules."""

import inspect
import sys
from collections.abc import Sequence
from pathlib import Path

from quality_harness import baseline, configuration, engine, review, suppression
from quality_harness.config import did_you_mean
from quality_harness.finding import Rule
from quality_harness.gate import CouldNotRun, Gate

# The rules about what a project accepts and configures, with the row of the report.
_BESIDE_GATES: dict[Rule, str] = {
    **dict.fromkeys(suppression.RULES, review.SUPPRESSIONS),
    **dict.fromkeys(baseline.RULES, review.BASELINE),
    **dict.fromkeys(configuration.RULES, review.CONFIGURATION),
}


def explain(word: str, gates: Sequence[Gate]) -> str:
    """Return the page of a gate, or of a rule by its code or name.

    Raises:
        CouldNotRun: nothing is called so.
    """
    for gate in gates:
        if gate.name == word:
            return gate_page(gate)
        for rule in gate.rules:
            if word.lower() in (rule.code.lower(), rule.name):
                return rule_page(rule, gate.name)
    for rule, own in _BESIDE_GATES.items():
        if word.lower() in (rule.code.lower(), rule.name):
            return rule_page(rule, own)
    for gate in gates:
        if gate.has_outside_code(word):
            return f"{word} is reported by the tool of the gate `{gate.name}`. {gate.reason}\n"
    rules = [*(rule for gate in gates for rule in gate.rules), *_BESIDE_GATES]
    names = [gate.name for gate in gates]
    known = [*names, *(name for rule in rules for name in (rule.code, rule.name))]
    # The rules stand on the pages of their gates: all of them would be a screenful.
    told = did_you_mean(word, known, listed=names)
    raise CouldNotRun(f"No gate and no rule is called '{word}'. {told}")


def gate_page(gate: Gate) -> str:
    """Return a gate's page as Markdown."""
    lines = [f"# Gate `{gate.name}`", "", gate.summary, "", gate.reason, ""]
    options = _option_lines(gate)
    if options:
        table = gate.name.replace("-", "_")
        lines += [f"## Options: `[tool.quality_harness.{table}]`", "", *options, ""]
    if gate.rules:
        lines += ["## Rules", ""]
        lines += [f"- `{rule.code}` {rule.name}: {rule.summary}" for rule in gate.rules]
        lines.append("")
    if gate.outside_codes:
        lines += [f"It also reports the codes of its tool: {', '.join(gate.outside_codes)}…", ""]
    return "\n".join(lines)


def _option_lines(gate: Gate) -> list[str]:
    """Return the attribute lines of the options' docstring, as list items."""
    _, _, attributes = inspect.cleandoc(gate.options.__doc__ or "").partition("Attributes:")
    items: list[str] = []
    for line in attributes.strip().splitlines():
        name, colon, text = line.strip().partition(": ")
        if colon and line.startswith((name, f"    {name}")):
            items.append(f"- `{name}`: {text}")
        else:
            items[-1] += f" {line.strip()}"
    return items


def rule_page(rule: Rule, gate: str) -> str:
    """Return a rule's page as Markdown."""
    return "\n".join(
        [
            f"# {rule.code} {rule.name}",
            "",
            f"Gate `{gate}`, severity {rule.severity}.",
            "",
            rule.summary,
            "",
            "## Why",
            "",
            rule.reason,
            "",
            "## A finding",
            "",
            "```python",
            rule.bad,
            "```",
            "",
            "## No finding",
            "",
            "```python",
            rule.good,
            "```",
            "",
            "## Instead",
            "",
            rule.instead,
            "",
        ]
    )


def pages(gates: Sequence[Gate]) -> dict[str, str]:
    """Return the generated pages of docs/rules: their text by file name."""
    written = {f"gate-{gate.name}.md": gate_page(gate) for gate in gates}
    for gate in gates:
        written |= {
            f"{rule.code}-{rule.name}.md": rule_page(rule, gate.name) for rule in gate.rules
        }
    for rule, own in _BESIDE_GATES.items():
        written[f"{rule.code}-{rule.name}.md"] = rule_page(rule, own)
    links = "\n".join(f"- [{name.removesuffix('.md')}]({name})" for name in sorted(written))
    introduction = "Generated from the gates and rules themselves by `make docs`."
    return {**written, "README.md": f"# Gates and rules\n\n{introduction}\n\n{links}\n"}


def main(folder: str) -> None:
    """Write the pages into `folder`, and remove those of rules that are gone."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    written = pages(engine.discover_gates())
    for path in target.glob("*.md"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (target / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
