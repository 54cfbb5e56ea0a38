"""What `init` finds out about a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Said:
    """A value, and the file that says so.

    Attributes:
        value: what is said; empty where nothing says it.
        by: the file, relative to the root.
    """

    value: str = ""
    by: str = ""


@dataclass(frozen=True)
class Packages:
    """How a project's packages are installed.

    Attributes:
        manager: "uv", "poetry", "pdm", "pipenv", "pip", or empty.
        file: the lock or requirements file that says so.
        install: the command that installs the project for its tests; empty where none is known.
        compiled: requirements files in which every line pins one version.
        loose: why another requirements file is not one of them; empty where there is none.
    """

    manager: str = ""
    file: str = ""
    install: str = ""
    compiled: tuple[str, ...] = ()
    loose: str = ""


@dataclass(frozen=True)
class Found:
    """A project as its files show it; none of its code was imported.

    Attributes:
        root: its folder.
        files: what git tracks or would track, relative to the root.
        is_repository: whether the root is that of the git repository, too.
        default_branch: the default branch, where it is not called main or master; else empty.
        settings: the Django settings module for gates.
        python_path: folders that the project's code is imported from.
        runner: "pytest" or "django", whatever runs the tests.
        left_out: options of pytest with which the project leaves tests out.
        hosts: where its CI runs, or would: "github", "gitlab".
        other_ci: the file of a CI for which there is no template; empty where there is none.
        hooks: the hook manager and its file.
        linters: what is configured ("black", "flake8", "ruff", "import-linter"), and where.
        packages: how it is installed.
        python: the versions of Python that it says to run on, where this one is none of them.
        conventional: how many of the newest commits have a conventional message, and of how many.
    """

    root: Path
    files: tuple[str, ...]
    is_repository: bool = True
    default_branch: str = ""
    settings: Said = Said()
    python_path: tuple[str, ...] = (".",)
    runner: Said = Said("django")
    left_out: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    other_ci: str = ""
    hooks: Said = Said()
    linters: Mapping[str, str] = field(default_factory=dict)
    packages: Packages = Packages()
    python: str = ""
    conventional: tuple[int, int] = (0, 0)
