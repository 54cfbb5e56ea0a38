"""Looks at a project: what it is made of, as its files and its git repository show it."""

import os
import platform
import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from quality_harness.changes import ask_git, repository_files, repository_prefix
from quality_harness.gate import CouldNotRun
from quality_harness.init.found import Found, Said
from quality_harness.init.left_out import find_left_out
from quality_harness.init.packages import find_packages
from quality_harness.init.reading_config import Configuration, read_configuration
from quality_harness.init.settings_module import find_settings, manage_files


def look(root: Path) -> Found:
    """Return what the project in `root` is.

    Raises:
        CouldNotRun: no git repository, no Python, or a configuration file that cannot be read.
    """
    files = repository_files(root)
    if not any(name.endswith(".py") for name in files):
        raise CouldNotRun(
            f"git lists no Python file below {root}, so there is nothing to bring gates to. "
            "Run it in the folder of your project."
        )
    configuration = read_configuration(root)
    return Found(
        root,
        files,
        is_repository=not repository_prefix(root),
        default_branch=_default_branch(root),
        settings=find_settings(root, files, configuration),
        python_path=_python_path(root, files, configuration),
        runner=_runner(files, configuration),
        left_out=find_left_out(configuration),
        hosts=_hosts(root, files),
        other_ci=next((name for name in files if _OTHER_CI.match(name)), ""),
        hooks=_hooks(files),
        linters=dict(_linters(root, files, configuration)),
        packages=find_packages(root, files, configuration),
        python=_other_python(configuration.python),
        conventional=_conventional(root),
    )


_OTHER_CI = re.compile(
    r"\.circleci/|\.travis\.yml$|Jenkinsfile$|azure-pipelines\.yml$|bitbucket-pipelines\.yml$"
    r"|\.drone\.yml$|\.woodpecker|\.buildkite/"
)


def _default_branch(root: Path) -> str:
    """Return the default branch where gates would not find it by itself in a CI's checkout."""
    try:
        remote = _said(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    except CouldNotRun:
        remote = ""
    name = remote.removeprefix("origin/")
    return "" if name in ("main", "master") else name


def _said(root: Path, *arguments: str) -> str:
    return os.fsdecode(ask_git(root, *arguments)).strip()


def _python_path(
    root: Path, files: Collection[str], configuration: Configuration
) -> tuple[str, ...]:
    """Return the folders that pytest is told to import from, and that of manage.py."""
    asked = configuration.pytest()
    given = asked[1].get("pythonpath", []) if asked else []
    named = given.split() if isinstance(given, str) else list(given)
    manage = [posixpath.dirname(name) or "." for name in manage_files(files)[:1]]
    folders = [posixpath.normpath(name) for name in [*named, *manage]]
    return tuple(dict.fromkeys(one for one in folders if (root / one).is_dir())) or (".",)


def _runner(files: Collection[str], configuration: Configuration) -> Said:
    asked = configuration.pytest()
    if asked:
        return Said("pytest", asked[0])
    if "conftest.py" in files:
        return Said("pytest", "conftest.py")
    return Said("django", next(iter(manage_files(files)), ""))


def _other_python(wanted: str) -> str:
    """Return the versions that the project runs on, where this interpreter is none of them."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        runs = SpecifierSet(wanted).contains(platform.python_version(), prereleases=True)
    except InvalidSpecifier:
        return ""
    return "" if runs else wanted


def _hosts(root: Path, files: Collection[str]) -> tuple[str, ...]:
    """Return the hosts whose CI the project has, else the one that it is pushed to."""
    there = {
        "github": any(name.startswith(".github/workflows/") for name in files),
        "gitlab": ".gitlab-ci.yml" in files,
    }
    if any(there.values()):
        return tuple(host for host, has in there.items() if has)
    try:
        remotes = _said(root, "config", "--get-regexp", r"^remote\..*\.url$")
    except CouldNotRun:
        return ()
    return tuple(host for host in there if f"{host}." in remotes)


def _hooks(files: Collection[str]) -> Said:
    for name in files:
        if re.fullmatch(r"\.?lefthook\.(ya?ml|toml|json)", name):
            return Said("lefthook", name)
        if re.fullmatch(r"\.pre-commit-config\.ya?ml", name):
            return Said("pre-commit", name)
        if name.startswith(".husky/"):
            return Said("husky", name)
    return Said()


def _linters(
    root: Path, files: Collection[str], configuration: Configuration
) -> Iterator[tuple[str, str]]:
    """Yield each linter that is configured, with the file that says so."""
    hooks = next((name for name in files if name.startswith(".pre-commit-config.")), "")
    text = (root / hooks).read_text(encoding="utf-8", errors="replace") if hooks else ""
    for linter, places in _CONFIGURED.items():
        for file, section in places:
            if _has(files, configuration, file, section):
                yield linter, file
                break
        else:
            if re.search(rf"\bid:\s*['\"]?{linter}\b", text):
                yield linter, hooks


# Where each linter is configured: a file, and its section where it is not the file alone.
_CONFIGURED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "black": (("pyproject.toml", "black"),),
    "flake8": (
        (".flake8", "flake8"),
        ("setup.cfg", "flake8"),
        ("tox.ini", "flake8"),
        ("pyproject.toml", "flake8"),
    ),
    "ruff": (("ruff.toml", ""), (".ruff.toml", ""), ("pyproject.toml", "ruff")),
    "import-linter": (
        (".importlinter", "importlinter"),
        ("setup.cfg", "importlinter"),
        ("pyproject.toml", "importlinter"),
    ),
}


def _has(files: Collection[str], configuration: Configuration, file: str, section: str) -> bool:
    if file == "pyproject.toml":
        return section in configuration.tables
    if not section:
        return file in files
    return configuration.section(file, section) is not None


# https://www.conventionalcommits.org/en/v1.0.0/
_CONVENTIONAL = re.compile(r"[A-Za-z]+(\([^()]+\))?!?: \S")
_NEWEST = 50


def _conventional(root: Path) -> tuple[int, int]:
    try:
        printed = _said(root, "log", f"--max-count={_NEWEST}", "--no-merges", "--format=%s")
    except CouldNotRun:
        return 0, 0
    subjects = printed.splitlines()
    return sum(bool(_CONVENTIONAL.match(one)) for one in subjects), len(subjects)
