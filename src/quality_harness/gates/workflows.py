"""Gate `workflows`: the files that CI runs say what they are meant to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gate import Checked, CouldNotRun, Gate, Project
from quality_harness.gates import _shell_blocks, _workflow_rules
from quality_harness.gates._binary import run_binary
from quality_harness.gates._schema import schema_errors
from quality_harness.gates._yaml import read_yaml
from quality_harness.tool import last_line

INVALID = Rule(
    code="WFL001",
    name="invalid-workflow",
    summary="A workflow, an action or a GitLab pipeline is not as its schema has it.",
    reason="The host refuses the file, and then nothing of it runs at all.",
    instead="Correct the key or value that the message names.",
    bad="steps:\n  - rn: make test",
    good="steps:\n  - run: make test",
)
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


@dataclass(frozen=True)
class Options:
    """`[tool.quality_harness.workflows]`.

    Attributes:
        workflows: patterns of GitHub workflows.
        actions: patterns of GitHub actions.
        gitlab: patterns of GitLab pipelines.
        persona: how strict zizmor is: "regular", "pedantic" or "auditor".
        runners: labels of runners of your own.
        optional: patterns of workflows that no branch protection asks for.
    """

    workflows: tuple[str, ...] = (".github/workflows/*.yml", ".github/workflows/*.yaml")
    actions: tuple[str, ...] = ("action.y*ml", ".github/actions/*/action.y*ml")
    gitlab: tuple[str, ...] = (".gitlab-ci.yml",)
    persona: str = "pedantic"
    runners: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def check(project: Project) -> Checked:
    """Judge the files of all kinds by their schemas, zizmor, shellcheck and rules of our own."""
    options: Options = project.options
    workflows = _matching(project, options.workflows)
    actions = _matching(project, options.actions)
    pipelines = _matching(project, options.gitlab)
    names = [*workflows, *actions, *pipelines]
    if not names:
        raise CouldNotRun(
            "There is no workflow: no file is called like "
            f"{', '.join([*options.workflows, *options.gitlab])}. Name them in the options, or "
            'remove "workflows" from gates in [tool.quality_harness]'
        )
    documents = {name: read_yaml(project.root, name, "workflows") for name in names}
    blocks = [
        block
        for files, reader in (
            (workflows, _shell_blocks.of_workflow),
            (actions, _shell_blocks.of_action),
            (pipelines, _shell_blocks.of_gitlab),
        )
        for name in files
        for block in reader(name, documents[name])
    ]
    schemas = {"github-workflows": workflows, "github-actions": actions, "gitlab-ci": pipelines}
    invalid = list(_invalid(project, documents, schemas))
    # zizmor refuses to read what is invalid.
    unread = {finding.location.path for finding in invalid}
    findings = [
        *invalid,
        *_insecure(project, [name for name in [*workflows, *actions] if name not in unread]),
        *(finding for name in workflows for finding in _unwise(project, name, documents[name])),
        *_shell_blocks.check_blocks(project, blocks),
    ]
    # What an anchor repeats is found in each of its places and stands in one.
    findings = list(dict.fromkeys(findings))
    note = f"{len(blocks)} scripts in them"
    return Checked(tuple(findings), len(names), "files", note, paths=frozenset(names))


def _matching(project: Project, patterns: Sequence[str]) -> list[str]:
    return [name for name in project.files if any(fnmatch(name, one) for one in patterns)]


def _invalid(
    project: Project, documents: Mapping[str, Any], schemas: Mapping[str, Sequence[str]]
) -> Iterator[Finding]:
    for error in schema_errors(project, schemas, "workflows"):
        place = Location(error.path, error.line_in(documents[error.path]))
        yield INVALID.finding(place, error.message, "correct it, as the host's manual has it")


def _unwise(project: Project, name: str, document: Any) -> Iterator[Finding]:
    optional = any(fnmatch(name, pattern) for pattern in project.options.optional)
    workflow = _workflow_rules.Workflow(name, document, project.options.runners, optional)
    yield from _workflow_rules.judge(workflow)


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


def _finding(one: Any) -> Finding:
    primary = next(place for place in one["locations"] if place["symbolic"]["kind"] == "Primary")
    path = primary["symbolic"]["key"]["Local"]["verbatim_path"]
    start = primary["concrete"]["location"]["start_point"]
    place = Location(path, start["row"] + 1, start["column"] + 1)
    message = f"{one['ident']}: {one['desc']}: {primary['symbolic']['annotation']}"
    return INSECURE.finding(place, message, f"as {one['url']} says")


GATE = Gate(
    name="workflows",
    summary="The files that CI runs are valid, safe, and refuse what they are meant to refuse.",
    reason="A workflow that is wrong is seldom red: its job waits, is skipped, or passes. Schemas "
    "and zizmor find what is invalid or can be abused, shellcheck reads the scripts, and rules of "
    "our own look for what passes in silence.",
    check=check,
    rules=(INVALID, INSECURE, *_workflow_rules.RULES),
    outside_codes=("SC",),
    options=Options,
)
