"""Which files CI reads: those that are called so, and those that they name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from quality_harness.gate import Project
from quality_harness.gates._gate_runs import used_files
from quality_harness.gates._patterns import matching
from quality_harness.gates._yaml import items, mappings, read_yaml

_EXTRA = "workflows"


@dataclass(frozen=True)
class CiFiles:
    """The files of a project that CI reads, by kind, each with what it holds.

    Attributes:
        workflows: GitHub's workflows.
        actions: actions that are called so or that a workflow or an action uses.
        pipelines: GitLab's pipelines and what they include.
        left: included files that are made anew with the inputs of who includes them.
    """

    workflows: dict[str, Any] = field(default_factory=dict)
    actions: dict[str, Any] = field(default_factory=dict)
    pipelines: dict[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    @property
    def documents(self) -> dict[str, Any]:
        """All of them."""
        return {**self.workflows, **self.actions, **self.pipelines}


def find(project: Project) -> CiFiles:
    """Return the files that CI reads.

    Raises:
        CouldNotRun: one of them is not YAML, or no mapping.
    """
    options = project.options
    files = frozenset(project.files)

    def read(names: Sequence[str]) -> dict[str, Any]:
        return {name: read_yaml(project.root, name, _EXTRA) for name in names}

    workflows = read(matching(project.files, options.workflows))
    actions = read(matching(project.files, options.actions))
    pipelines = read(matching(project.files, options.gitlab))
    _follow([*workflows.values(), *actions.values()], actions, _used, files, read)
    left: set[str] = set()

    def included(document: Any) -> Iterator[str]:
        for name in _included(document, project.files):
            if _takes_inputs(project, name):
                left.add(name)
            else:
                yield name

    _follow([*pipelines.values()], pipelines, included, files, read)
    return CiFiles(workflows, actions, pipelines, tuple(sorted(left)))


def _follow(
    waiting: list[Any],
    known: dict[str, Any],
    named: Callable[[Any], Iterator[str]],
    files: frozenset[str],
    read: Callable[[Sequence[str]], dict[str, Any]],
) -> None:
    """Add the files that documents name, and those that these name."""
    while waiting:
        found = {*named(waiting.pop())} & files - known.keys()
        fresh = read(sorted(found))
        known |= fresh
        waiting += fresh.values()


def _used(document: Any) -> Iterator[str]:
    """Yield the paths of actions that a workflow or an action may use."""
    jobs = [*mappings(document.get("jobs")).values(), document.get("runs")]
    for step in (step for job in jobs for step in items(mappings(job).get("steps"))):
        paths = used_files(str(mappings(step).get("uses", "")))
        yield from (path for path in paths if path.endswith(("action.yml", "action.yaml")))


def _included(document: Any, files: Sequence[str]) -> Iterator[str]:
    """Yield the project's files that a pipeline includes."""
    for one in items(document.get("include")):
        local = mappings(one).get("local", one)
        if isinstance(local, str) and "://" not in local:
            yield from matching(files, [local.removeprefix("/")])


def _takes_inputs(project: Project, name: str) -> bool:
    """Whether a file is made anew for each that includes it: it is no pipeline as it stands."""
    return (project.root / name).read_bytes().lstrip().startswith(b"spec:")
