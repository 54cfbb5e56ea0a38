"""Whether the change takes away that the gates run on pull requests."""

import os
import re
from collections.abc import Iterator
from typing import Any

from quality_harness.changes import file_on
from quality_harness.finding import Finding, Location
from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates._ci_files import CiFiles
from quality_harness.gates._gate_runs import POWERLESS, Runs, judges_requests
from quality_harness.gates._patterns import matching
from quality_harness.gates._yaml import line_of, parse_yaml

_LABEL = re.compile(r"merge base with (?:origin/)?(\S+),")


def lost(project: Project, found: CiFiles) -> Iterator[Finding]:
    """Yield what a change does to the workflows that ran the gates on pull requests."""
    commit = project.changes.base
    label = _LABEL.match(project.changes.label)
    target = os.environ.get("GITHUB_BASE_REF") or (label[1] if label else "")
    if commit is None or _judging(found.workflows, found.documents, target):
        return
    kinds, origins = project.changes.kinds, project.changes.origins
    now = {origins.get(path, path): path for path in kinds}
    before = {
        path: document
        for path in matching(now, project.options.workflows)
        if (document := _on_base(project, commit, path)) is not None
    }
    for path in _judging({**found.workflows, **before}, {**found.documents, **before}, target):
        message = f"the gates ran on each pull request by {path}, and run by no workflow any more"
        hint = "let one of them run on pull_request, for each branch that is merged into"
        there = now.get(path, path)
        line = line_of(found.workflows[there], "on") if there in found.workflows else 0
        yield POWERLESS.finding(Location(there, line), message, hint)


def _judging(workflows: dict[str, Any], documents: dict[str, Any], target: str) -> list[str]:
    runs = Runs(documents)
    return [
        path
        for path, document in workflows.items()
        if runs.file(path) and judges_requests(document, target)
    ]


def _on_base(project: Project, commit: str, path: str) -> Any:
    data = file_on(project.root, commit, path)
    try:
        return None if data is None else parse_yaml(data, path, "workflows")
    except CouldNotRun:
        return None  # It ran nothing.
