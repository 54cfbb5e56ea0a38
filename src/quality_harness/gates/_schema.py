"""Asks check-jsonschema, by the schemas that it brings."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from quality_harness.clean_files import CleanFiles
from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates._yaml import line_of
from quality_harness.tool import last_line, require, run_module

_STEP = re.compile(r"\.([^.\[\]]+)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]")


@dataclass(frozen=True)
class SchemaError:
    """What is wrong in one file: where, as a path such as `$.jobs.a.steps[0]`, and what."""

    path: str
    place: str
    message: str

    def line_in(self, document: Any) -> int:
        """Return the line that the place stands on; 0 for the whole file."""
        line, node = 0, document
        for name, quoted, index in _STEP.findall(self.place):
            key = int(index) if index else name or quoted
            try:
                line, node = line_of(node, key), node[key]
            except (KeyError, IndexError, TypeError, AttributeError):
                return line
        return line


def schema_errors(
    project: Project, schema: str, names: Sequence[str], extra: str
) -> Iterator[SchemaError]:
    """Yield what a schema refuses in some files; those that it is known to accept are not read.

    Args:
        project: the project.
        schema: one that check-jsonschema brings, such as "github-workflows".
        names: the files.
        extra: our extra that installs it, for the message where it is missing.

    Raises:
        CouldNotRun: check-jsonschema is missing or failed.
    """
    if not names:
        return
    require("check_jsonschema", extra)
    clean = CleanFiles.of(project.root, f"schema-{schema}", version("check-jsonschema"))
    digests = clean.digests(project.root, names)
    known = frozenset() if project.fresh else clean.known()
    changed = [name for name in names if digests[name] not in known]
    found = list(_errors(project, schema, changed, extra)) if changed else []
    faulty = {error.path for error in found}
    clean.remember(digest for name, digest in digests.items() if name not in faulty)
    yield from found


def _errors(
    project: Project, schema: str, names: Sequence[str], extra: str
) -> Iterator[SchemaError]:
    asked = [f"--builtin-schema=vendor.{schema}", "--output-format=json"]
    # Without it check-jsonschema cannot read GitLab's !reference.
    asked += ["--data-transform=gitlab-ci"] if schema == "gitlab-ci" else []
    paths = [str(project.root / name) for name in names]
    done = run_module("check_jsonschema", [*asked, "--", *paths], cwd=project.root, extra=extra)
    try:
        answer = json.loads(done.stdout)
        unread = answer.get("parse_errors", [])
    except ValueError:
        answer, unread = {}, [{"message": last_line(done.stderr) or "it said nothing"}]
    if unread:
        problem = unread[0]["message"]
        raise CouldNotRun(f"check-jsonschema failed: {problem}. Try it: check-jsonschema --version")
    for error in answer["errors"]:
        best = error.get("best_deep_match") or error
        name = error["filename"].removeprefix(f"{project.root}/")
        yield SchemaError(name, best["path"], f"{best['path']}: {best['message']}")
