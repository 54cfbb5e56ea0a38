"""Asks check-jsonschema, by the schemas that it brings."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates._yaml import line_of
from quality_harness.kept_verdicts import KeptVerdicts, Rows, reads_all, versions
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
    project: Project, asked: Mapping[str, Sequence[str]], extra: str
) -> Iterator[SchemaError]:
    """Yield what schemas refuse in some files; those whose verdict is kept are not read.

    Args:
        project: the project.
        asked: files by the schema that they are held against, one of those that check-jsonschema
            brings, such as "github-workflows".
        extra: our extra that installs it, for the message where it is missing.

    Raises:
        CouldNotRun: check-jsonschema is missing or failed.
    """
    asked = {schema: names for schema, names in asked.items() if names}
    if not asked:
        return
    require("check_jsonschema", extra)
    state, fresh = json.dumps(versions("check-jsonschema")), reads_all(project)
    kept = {
        schema: KeptVerdicts.of(project.root, f"schema-{schema}", state, names, fresh=fresh)
        for schema, names in asked.items()
    }
    unread = {schema: known.unread for schema, known in kept.items() if known.unread}
    found = _found(project, unread, extra) if unread else {}
    told = [known.keep(found.get(schema, {})) for schema, known in kept.items()]
    for verdicts in told:
        for name, rows in verdicts.items():
            yield from (SchemaError(name, place, message) for place, message in rows)


def _found(
    project: Project, asked: Mapping[str, Sequence[str]], extra: str
) -> dict[str, dict[str, Rows]]:
    """Return, by schema and file, the place and the message of each error."""
    calls = [_call(project, schema, names) for schema, names in asked.items()]
    done = run_module(
        "quality_harness.gates._schema_run", [json.dumps(calls)], cwd=project.root, extra=extra
    )
    try:
        answers = [json.loads(text) for text in json.loads(done.stdout)]
    except ValueError:
        raise _failed(last_line(done.stderr) or "it said nothing") from None
    found: dict[str, dict[str, Rows]] = {}
    for (schema, names), answer in zip(asked.items(), answers, strict=True):
        for unparsed in answer.get("parse_errors", ()):
            name = _relative(project, unparsed["filename"])
            raise CouldNotRun(f"check-jsonschema cannot parse {name}. Mend it first.")
        found[schema] = {name: [] for name in names}
        for error in answer["errors"]:
            best = error.get("best_deep_match") or error
            name = _relative(project, error["filename"])
            found[schema][name].append([best["path"], f"{best['path']}: {best['message']}"])
    return found


def _call(project: Project, schema: str, names: Sequence[str]) -> list[str]:
    options = [f"--builtin-schema=vendor.{schema}", "--output-format=json"]
    # Without it check-jsonschema cannot read GitLab's !reference.
    options += ["--data-transform=gitlab-ci"] if schema == "gitlab-ci" else []
    return [*options, "--", *(str(project.root / name) for name in names)]


def _relative(project: Project, path: str) -> str:
    return path.removeprefix(f"{project.root}/")


def _failed(problem: str) -> CouldNotRun:
    return CouldNotRun(f"check-jsonschema failed: {problem}. Try it: check-jsonschema --version")
