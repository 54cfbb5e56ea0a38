"""What `init` would write into a project, and what it leaves to its people."""

import platform
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quality_harness.config import TABLE
from quality_harness.gate import CouldNotRun
from quality_harness.init import table, templates, tools
from quality_harness.init.choosing import LOADING, Choice
from quality_harness.init.found import Found
from quality_harness.init.marking import is_own_file, marked_file


@dataclass(frozen=True)
class Planned:
    """A file.

    Attributes:
        path: relative to the project's root.
        before: its text; None where it is not there.
        after: the text that it is to have.
        advice: where the file is left alone, what to change in it by hand; else empty.
    """

    path: str
    before: str | None
    after: str
    advice: str = ""

    @property
    def is_written(self) -> bool:
        """Whether there is anything to write."""
        return not self.advice and self.before != self.after


@dataclass(frozen=True)
class Plan:
    """What is proposed for a project.

    Attributes:
        files: in the order in which they are shown.
        notes: what else has to be known or done, a sentence each.
    """

    files: tuple[Planned, ...]
    notes: tuple[str, ...] = ()

    def texts(self) -> Mapping[str, str]:
        """Return the text of each file that is to be written."""
        return {one.path: one.after for one in self.files if one.is_written}


def read_text(root: Path, name: str) -> str | None:
    """Return a file's text with its own line ends; None where it is not there.

    Raises:
        CouldNotRun: it is not UTF-8.
    """
    try:
        return (root / name).read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise CouldNotRun(f"{root / name} is not UTF-8: {error}. Save it as UTF-8.") from error


def plan(found: Found, choices: Sequence[Choice], accepted: Collection[str] = ()) -> Plan:
    """Return what is to be written where the chosen gates are on.

    Args:
        found: the project.
        choices: which gates are on.
        accepted: gates whose findings the baseline accepts.
    """
    on = [choice.gate for choice in choices if not choice.off]
    files = [_pyproject(found, choices)]
    files.append(
        _whole(found.root, tools.FILE, lambda: tools.requirements_of(on), "list the tools there")
    )
    notes = list(_about_python(found))
    if not files[-1].advice and (source := tools.about_source(on)):
        notes.append(source)
    if found.is_repository:
        files += _pipelines(found, on)
        files += _hooks(found, on, accepted)
        notes += _about_ci(found)
        notes += _about_hooks(found)
    else:
        notes.append(
            "The project is a folder of its repository: CI and hooks belong in the repository's "
            "root. Let them run `quality-harness gate` in this folder."
        )
    return Plan(tuple(files), tuple(notes))


def _pyproject(found: Found, choices: Sequence[Choice]) -> Planned:
    text = read_text(found.root, table.FILE)
    body = table.body_of(found, choices)
    if table.Pyproject(text).is_theirs or _is_link(found.root, table.FILE):
        advice = f"[{TABLE}] there is yours. init would write:\n{body}"
        return Planned(table.FILE, text, text or "", advice)
    return Planned(table.FILE, text, table.with_block(text, body))


def _whole(root: Path, path: str, body: Callable[[], str], advice: str) -> Planned:
    """Plan a file that is ours alone, unless there is one that is not."""
    before = read_text(root, path)
    if (before is None or is_own_file(before)) and not _is_link(root, path):
        return Planned(path, before, marked_file(body()))
    return Planned(path, before, before or "", advice)


def _is_link(root: Path, path: str) -> bool:
    return (root / path).is_symlink()


def _pipelines(found: Found, on: Sequence[str]) -> Iterator[Planned]:
    services = "tests" in on
    install = f"pip install -r {tools.FILE}"
    if any(name in LOADING for name in on) and found.packages.install:
        install = f"{found.packages.install} && {install}"
    step = f"let it run: {install} && quality-harness gate --format github"
    if "github" in found.hosts:
        body = templates.github(install, services=services)
        yield _whole(found.root, templates.GITHUB, lambda: body, step)
    if "gitlab" in found.hosts:
        pipeline = templates.gitlab(install, services=services)
        yield _whole(found.root, templates.GITLAB, lambda: pipeline, step)
        yield _gitlab_root(found)


def _gitlab_root(found: Found) -> Planned:
    text = read_text(found.root, templates.GITLAB_ROOT)
    if text is not None and not is_own_file(text) and f"local: {templates.GITLAB}" in text:
        return Planned(templates.GITLAB_ROOT, text, text)
    advice = f"include the gates in it:\n{templates.INCLUDE}"
    return _whole(found.root, templates.GITLAB_ROOT, lambda: templates.INCLUDE, advice)


def _hooks(found: Found, on: Sequence[str], accepted: Collection[str]) -> Iterator[Planned]:
    if found.hooks.value == "" or found.hooks.by == templates.LEFTHOOK:
        advice = "add a job to its pre-push: run: quality-harness gate"
        body = templates.lefthook(on, accepted)
        yield _whole(found.root, templates.LEFTHOOK, lambda: body, advice)


def _about_python(found: Found) -> Iterator[str]:
    if found.python:
        yield (
            f"The project runs on Python {found.python}, and this is {platform.python_version()}: "
            "tools that cannot read newer syntax could not run. Install quality-harness there, "
            "and run init again."
        )


def _about_ci(found: Found) -> Iterator[str]:
    if found.hosts:
        return
    if found.other_ci:
        yield (
            f"There is no template for the CI of {found.other_ci}. Add a step that runs: pip "
            f"install -r {tools.FILE} && quality-harness gate (with the whole history fetched)."
        )
    else:
        yield (
            "No CI was found, and no remote on GitHub or GitLab. Add the remote and run init "
            "again, or let your CI run: quality-harness gate"
        )


_PRE_COMMIT = """\
  - repo: local
    hooks:
      - id: quality-harness
        name: quality-harness
        entry: quality-harness gate
        language: system
        pass_filenames: false
        stages: [pre-push]
"""


def _about_hooks(found: Found) -> Iterator[str]:
    hooks = found.hooks
    if hooks.value == "pre-commit":
        yield f"Hooks are those of {hooks.by}, which is left alone. To add ours:\n{_PRE_COMMIT}"
    elif hooks.value == "husky" or (hooks.value and hooks.by != templates.LEFTHOOK):
        yield (
            f"Hooks are those of {hooks.by}, which is left alone. "
            "Let pre-push run: quality-harness gate"
        )
