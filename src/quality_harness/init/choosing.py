"""Chooses the gates that can say something about a project, and tells why not the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from quality_harness.gate import Gate
from quality_harness.gates.containers import Options as Containers
from quality_harness.gates.containers import compose_files_of, dockerfiles_of
from quality_harness.init.found import Found


@dataclass(frozen=True)
class Choice:
    """Whether a gate is switched on.

    Attributes:
        gate: its name.
        off: why it is left out; empty where it is on.
        options: its table of `[tool.quality_harness]`.
    """

    gate: str
    off: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


def choose(found: Found, gates: tuple[Gate, ...], *, loading: bool) -> tuple[Choice, ...]:
    """Return a choice for each gate.

    Args:
        found: the project.
        gates: all that there are.
        loading: whether gates that load the project and run its tests may be switched on.
    """
    return tuple(_choice(gate.name, found, loading) for gate in gates)


def _choice(name: str, found: Found, loading: bool) -> Choice:
    if name in _WISHES:
        return Choice(name, _WISHES[name])
    if name in LOADING and not loading:
        return Choice(name, "it loads the project: quality-harness init --tests")
    off, options = _CHOICES[name](found)
    return Choice(name, off, {} if off else options)


# Gates that load the project.
LOADING = ("missing-migrations", "test-collection", "tests", "coverage-ratchet")
# Gates that judge what a change brings, not what is there.
OF_CHANGES = ("commit-messages", "large-files", "secrets")
# The extra of the package that brings a gate's tool.
EXTRAS = {
    "format": "format",
    "lint": "lint",
    "imports": "imports",
    "secrets": "secrets",
    "workflows": "workflows",
    "dependencies": "dependencies",
    "containers": "containers",
    **dict.fromkeys(LOADING, "test"),
}

# Gates that wait for a decision which only the project can take.
_WISHES = {
    "branch-name": "which names are right is yours to say: [tool.quality_harness.branch_name]",
    "changed-coverage": "it asks tests for every new line: add it when that is what you want",
    "clocks": "it runs the tests nine times more: for a nightly run",
    "coverage": "coverage-ratchet holds the figure that there is; this one asks for a threshold",
    "deploy-settings": "name the production settings: [tool.quality_harness.deploy_settings]",
    "endpoints": "declare who may send what: [tool.quality_harness.endpoints]",
    "isolation": "it wants strict = [...] in [tool.quality_harness.testing], which fails tests",
    "prove": "it runs migrations on PostgreSQL: add it where the settings use that",
    "test-honesty": 'it wants strict = ["assertions"], which fails tests that assert nothing',
}

_Decided = tuple[str, Mapping[str, Any]]
_ON: _Decided = ("", {})


def _format(found: Found) -> _Decided:
    ruff = found.linters.get("ruff")
    if ruff and "black" not in found.linters:
        return f"the project is written by ruff ({ruff}), not by black", {}
    return _ON


def _lint(found: Found) -> _Decided:
    ruff = found.linters.get("ruff")
    if ruff and "flake8" not in found.linters:
        return f"the project is linted by ruff ({ruff}), not by flake8", {}
    return _ON


def _imports(found: Found) -> _Decided:
    if "import-linter" in found.linters:
        return _ON
    return "the project has no contract of import-linter: [tool.importlinter]", {}


def _migrations(found: Found) -> _Decided:
    if any(fnmatch(name, "*migrations/*.py") for name in found.files):
        return _ON
    return "the project has no migration", {}


def _dependencies(found: Found) -> _Decided:
    if found.packages.compiled:
        return "", {"compiled": list(found.packages.compiled)}
    reason = found.packages.loose or "there is no requirements.txt and no requirements/*.txt"
    locks = found.packages.manager not in ("", "pip")
    return reason + (f"; {found.packages.file} locks the versions" if locks else ""), {}


def _containers(found: Found) -> _Decided:
    options = Containers()
    if dockerfiles_of(found.files, options) or compose_files_of(found.files, options):
        return _ON
    return "the project has no Dockerfile and no compose file", {}


def _workflows(found: Found) -> _Decided:
    if "gitlab" in found.hosts:
        return "", {"gitlab": [".gitlab-ci.yml", "quality-gates.yml"]}
    if "github" in found.hosts:
        return _ON
    return "the project has no workflow of GitHub or GitLab", {}


def _docs_links(found: Found) -> _Decided:
    if any(name.lower().endswith((".md", ".markdown")) for name in found.files):
        return _ON
    return "the project has no Markdown file", {}


def _commit_messages(found: Found) -> _Decided:
    conventional, total = found.conventional
    # One in ten may be a slip.
    if total and conventional >= 0.9 * total:
        return _ON
    return f"{conventional} of the newest {total} messages are conventional", {}


def _always(found: Found) -> _Decided:
    return _ON


def _with_settings(found: Found) -> _Decided:
    if found.settings.value:
        return _ON
    return "no settings module was found: set settings = ... under [tool.quality_harness]", {}


def _tests(found: Found) -> _Decided:
    arguments = {"arguments": list(found.left_out)} if found.left_out else {}
    return "", {"runner": found.runner.value} | arguments


def _test_collection(found: Found) -> _Decided:
    return "", {"runners": [found.runner.value]}


_CHOICES: Mapping[str, Callable[[Found], _Decided]] = {
    "commit-messages": _commit_messages,
    "containers": _containers,
    "coverage-ratchet": _always,
    "dependencies": _dependencies,
    "docs-links": _docs_links,
    "format": _format,
    "imports": _imports,
    "large-files": _always,
    "lint": _lint,
    "migrations": _migrations,
    "missing-migrations": _with_settings,
    "secrets": _always,
    "test-collection": _test_collection,
    "tests": _tests,
    "workflows": _workflows,
}
