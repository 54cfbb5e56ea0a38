"""What the project's own files of zizmor and hadolint switch off."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from quality_harness.changes import file_on
from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates._yaml import items, mappings, names, parse_yaml

_ZIZMOR = (".github/zizmor.yml", ".github/zizmor.yaml", "zizmor.yml", "zizmor.yaml")
_HADOLINT = (".hadolint.yaml", ".hadolint.yml")


def switched_off(project: Project, rule: Rule, extra: str) -> Iterator[Finding]:
    """Yield what the tool of a gate is told to overlook.

    It counts where the change adds it without a comment beside it or above it: what the base
    overlooks, and what has a reason, is only told.

    Args:
        project: the project.
        rule: the gate's own rule about it.
        extra: the gate, "workflows" or "containers".
    """
    files = _ZIZMOR if extra == "workflows" else _HADOLINT
    for path in (name for name in files if name in project.files):
        data = (project.root / path).read_bytes()
        base = project.changes.base
        earlier = file_on(project.root, base, path) if base else data
        known = _off(_parsed(earlier, path, extra)) if earlier is not None else []
        lines = data.decode("utf-8", "replace").splitlines()
        for name in _off(parse_yaml(data, path, extra)):
            line = next((at for at, text in enumerate(lines, 1) if name in text), 0)
            finding = rule.finding(
                Location(path, line),
                f"{path} switches {name} off for the whole project",
                "write the reason as a comment beside it, or accept the one place where it stands",
            )
            told = name in known or _has_reason(lines, line)
            yield replace(finding, severity=Severity.INFO) if told else finding


def _parsed(data: bytes, path: str, extra: str) -> Any:
    try:
        return parse_yaml(data, path, extra)
    except CouldNotRun:
        return {}


def _off(document: Any) -> list[str]:
    """Return the rules that zizmor's or hadolint's file has not told, or not counted."""
    rules = mappings(document.get("rules")).items()
    disabled = [str(name) for name, one in rules if mappings(one).get("disable") is True]
    lowered = mappings(document.get("override"))
    levels = [one for level in ("info", "style") for one in items(lowered.get(level))]
    return [*disabled, *names(document.get("ignored")), *names(levels)]


def _has_reason(lines: Sequence[str], line: int) -> bool:
    near = lines[max(line - 2, 0) : line]
    return any(re.search(r"\s#\s*\w", f" {one}") for one in near[-1:]) or any(
        re.match(r"\s*#\s*\w", one) for one in near[:-1]
    )
