"""Gate `workflows`: the files that CI runs say what they are meant to."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates import (
    _base_triggers,
    _ci_files,
    _gate_runs,
    _references,
    _shell_blocks,
    _workflow_rules,
    _zizmor_hints,
)
from quality_harness.gates._binary import run_binary
from quality_harness.gates._ci_files import CiFiles
from quality_harness.gates._gate_runs import Runs
from quality_harness.gates._patterns import matches
from quality_harness.gates._references import INVALID
from quality_harness.gates._schema import schema_errors
from quality_harness.gates._tool_files import switched_off
from quality_harness.tool import last_line

INSECURE = Rule(
    code="WFL002",
    name="insecure-workflow",
    summary="zizmor finds a workflow that could be abused.",
    reason="A workflow holds tokens and runs what others wrote: titles, branches, actions.",
    instead="Follow the page that the hint names: pin actions by their commit, give each job only "
    "the permissions that it needs, pass what others wrote through the environment.",
    bad="- uses: actions/checkout@v4\n- run: echo ${{ github.event.pull_request.title }}",
    good="- uses: actions/checkout@<commit>  # v4\n"
    '- run: echo "$TITLE"\n  env: {TITLE: "${{ github.event.pull_request.title }}"}',
)

SWITCHED_OFF = Rule(
    code="WFL011",
    name="zizmor-rule-switched-off",
    summary="The project's file of zizmor switches a rule off, and does not say why.",
    reason="Nobody who reads the report learns that the rule is not asked any more.",
    instead="Write the reason as a comment beside it, or accept the one place where it stands. "
    "What the base switches off already is only told.",
    bad="rules:\n  template-injection:\n    disable: true",
    good="rules:\n  # Titles are written by us alone.\n  template-injection:\n    disable: true",
)


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.workflows]`.

    Attributes:
        workflows: patterns of GitHub workflows; `**/` stands for any folders.
        actions: patterns of GitHub actions; those that workflows use are read, too.
        gitlab: patterns of GitLab pipelines; the files of the project that they include are
            read, too.
        persona: how strict zizmor is: "regular", "pedantic" or "auditor".
        runners: labels of runners of your own.
        optional: patterns of workflows that no branch protection asks for.
    """

    workflows: tuple[str, ...] = (".github/workflows/*.yml", ".github/workflows/*.yaml")
    actions: tuple[str, ...] = ("action.y*ml", ".github/actions/**/action.y*ml")
    gitlab: tuple[str, ...] = (".gitlab-ci.yml",)
    persona: str = "pedantic"
    runners: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def check(project: Project) -> Checked:
    """Judge the files of all kinds by their schemas, zizmor, shellcheck and rules of our own."""
    options: Options = project.options
    found = _ci_files.find(project)
    documents = found.documents
    if not documents:
        raise CouldNotRun(
            "There is no workflow: no file is called like "
            f"{', '.join([*options.workflows, *options.gitlab])}. Name them in the options, or "
            'remove "workflows" from gates in [tool.quality_harness]'
        )
    blocks = [
        block
        for files, reader in (
            (found.workflows, _shell_blocks.of_workflow),
            (found.actions, _shell_blocks.of_action),
            (found.pipelines, _shell_blocks.of_gitlab),
        )
        for name, document in files.items()
        for block in reader(name, document)
    ]
    invalid = list(_invalid(project, found))
    # zizmor refuses to read what is invalid.
    unread = {finding.location.path for finding in invalid}
    findings = [
        *invalid,
        *_insecure(
            project, [name for name in [*found.workflows, *found.actions] if name not in unread]
        ),
        *_unwise(project, found),
        *switched_off(project, SWITCHED_OFF, "workflows"),
        *_shell_blocks.check_blocks(project, blocks),
    ]
    # What an anchor repeats is found in each of its places and stands in one.
    findings = list(dict.fromkeys(findings))
    note = f"{len(blocks)} scripts in them"
    if found.left:
        note += f"; not read, since they take inputs: {', '.join(found.left)}"
    return Checked(tuple(findings), len(documents), "files", note, paths=frozenset(documents))


def _invalid(project: Project, found: CiFiles) -> Iterator[Finding]:
    schemas = {
        "github-workflows": [*found.workflows],
        "github-actions": [*found.actions],
        "gitlab-ci": [*found.pipelines],
    }
    documents = found.documents
    for error in schema_errors(project, schemas, "workflows"):
        place = Location(error.path, error.line_in(documents[error.path]))
        yield INVALID.finding(place, error.message, "correct it, as the host's manual has it")


def _unwise(project: Project, found: CiFiles) -> Iterator[Finding]:
    runs = Runs({**found.actions, **found.workflows})
    for name, document in found.workflows.items():
        optional = any(matches(name, pattern) for pattern in project.options.optional)
        workflow = _workflow_rules.Workflow(name, document, project.options.runners, optional)
        yield from _workflow_rules.judge(workflow)
        yield from _references.judge(workflow)
        yield from _gate_runs.powerless(workflow, runs)
    for name, document in found.actions.items():
        yield from _references.judge_action(name, document)
        yield from _gate_runs.powerless_action(name, document, runs)
    jobs = {key: job for one in found.pipelines.values() for key, job in one.items()}
    for name, document in found.pipelines.items():
        yield from _gate_runs.powerless_on_gitlab(name, document, jobs)
    yield from _base_triggers.lost(project, found)


def _insecure(project: Project, names: Sequence[str]) -> Iterator[Finding]:
    if not names:
        return
    asked = ["--offline", "--no-progress", "--strict-collection"]
    asked += [f"--persona={project.options.persona}", "--format=json-v1", "--"]
    done = run_binary("zizmor", [*asked, *names], cwd=project.root, extra="workflows")
    try:
        found = json.loads(done.stdout)
    except ValueError:
        problem = last_line(done.stderr) or "it said nothing"
        raise CouldNotRun(f"zizmor failed: {problem}. Try it: zizmor --offline .") from None
    yield from map(_finding, found)


# `uses: ./...` is what GitHub's manual writes, and all that its older servers know.
_ONLY_TOLD = ("self-repository",)


def _finding(one: Any) -> Finding:
    primary = next(place for place in one["locations"] if place["symbolic"]["kind"] == "Primary")
    path = primary["symbolic"]["key"]["Local"]["verbatim_path"]
    start = primary["concrete"]["location"]["start_point"]
    place = Location(path, start["row"] + 1, start["column"] + 1)
    message = f"{one['ident']}: {one['desc']}: {primary['symbolic']['annotation']}"
    finding = INSECURE.finding(place, message, _zizmor_hints.hint(one["ident"], one["url"]))
    return replace(finding, severity=Severity.INFO) if one["ident"] in _ONLY_TOLD else finding


GATE = Gate(
    name="workflows",
    summary="The files that CI runs are valid, safe, and refuse what they are meant to refuse.",
    reason="A workflow that is wrong is seldom red: its job waits, is skipped, or passes. Schemas "
    "and zizmor find what is invalid or can be abused, shellcheck reads the scripts, and rules of "
    "our own look for what passes in silence.",
    check=check,
    rules=(
        *_references.RULES,
        INSECURE,
        *_workflow_rules.RULES,
        _gate_runs.POWERLESS,
        SWITCHED_OFF,
    ),
    outside_codes=("SC",),
    options=Options,
)
