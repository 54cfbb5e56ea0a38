"""The values that a gate takes and gives."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from quality_harness.finding import Finding, Rule


class Verdict(StrEnum):
    """What a gate says. Silence is never a pass."""

    PASS = "pass"
    FAIL = "fail"
    COULD_NOT_RUN = "could-not-run"

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings, 2 could not run."""
        return {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.COULD_NOT_RUN: 2}[self]


class CouldNotRun(Exception):
    """A gate, or the whole command, has no verdict.

    The text is one or two sentences: what is wrong, and the command or edit that mends it.
    """


class ChangeKind(StrEnum):
    """What happened to a file since the base; the values are git's status letters."""

    ADDED = "A"
    MODIFIED = "M"
    RENAMED = "R"
    DELETED = "D"


@dataclass(frozen=True)
class Changes:
    """What the working tree changes against the base.

    Attributes:
        base: the base's commit id; None without history: then everything is new.
        label: how the base was found, for people ("merge base with main, 1a2b3c4").
        kinds: what happened to each changed path (POSIX, relative to the root; a renamed
            file stands under its new path).
        origins: the path on the base of each renamed or copied file, by its new path.
    """

    base: str | None
    label: str
    kinds: Mapping[str, ChangeKind] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def all_new(cls, files: Iterable[str], label: str) -> "Changes":
        """Return the changes of a tree in which every file is new."""
        return cls(None, label, dict.fromkeys(files, ChangeKind.ADDED))


def is_below(name: str, folder: str) -> bool:
    """Whether a path is the other one or lies in it; both in the form in which git lists files."""
    return folder in (".", name) or name.startswith(f"{folder}/")


@dataclass(frozen=True)
class Project:
    """What a gate is given.

    Attributes:
        root: the repository's root; gates run their tools here.
        files: every file that git tracks or would track, POSIX, relative to the root, sorted.
        changes: what the working tree changes against the base.
        options: the gate's own table of the configuration, an instance of `Gate.options`.
        excluded: folders and files that no gate looks at; `files` is without them.
        python_path: folders, relative to the root, that the project's own code is imported from.
        settings: the Django settings module that gates use; empty leaves it to the environment.
        fresh: nothing that is remembered from an earlier run is relied on.
        gates: the names of all gates of this run.
    """

    root: Path
    files: tuple[str, ...]
    changes: Changes
    options: Any = None
    excluded: tuple[str, ...] = ()
    python_path: tuple[str, ...] = (".",)
    settings: str = ""
    fresh: bool = False
    gates: tuple[str, ...] = ()

    def environment(self) -> dict[str, str]:
        """Return the variables with which a child process can import the project."""
        folders = [str(self.root / name) for name in self.python_path]
        variables = {"PYTHONPATH": os.pathsep.join([*folders, os.environ.get("PYTHONPATH", "")])}
        return variables | ({"DJANGO_SETTINGS_MODULE": self.settings} if self.settings else {})

    def is_excluded(self, name: str) -> bool:
        """Whether a path, relative to the root, is excluded or lies in what is."""
        return any(is_below(name, one) for one in self.excluded)

    def python_files(self) -> tuple[str, ...]:
        """Return the project's Python files, relative to the root."""
        return tuple(name for name in self.files if name.endswith(".py"))


@dataclass(frozen=True)
class Checked:
    """What a gate's check gives back.

    Attributes:
        findings: all of them; the engine applies suppressions.
        checked: how many things were looked at, in the gate's own `unit`.
        unit: what was counted, plural ("files", "tests").
        note: one line for the report ("98.2% branch coverage"), or empty.
        nothing_new: True where nothing was looked at because the change touches nothing of
            the gate's concern; without it `checked == 0` is could-not-run.
        paths: the files looked at; None where the gate looks at all of the project.
        leaves: files that it has written for other gates, relative to the root.
        problem: why there is no verdict although there are findings, in a sentence; else empty.
    """

    findings: tuple[Finding, ...]
    checked: int
    unit: str
    note: str = ""
    nothing_new: bool = False
    paths: frozenset[str] | None = None
    leaves: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class NoOptions:
    """The options of a gate that has none."""


@dataclass(frozen=True)
class Gate:
    """A named check of a project with a verdict.

    A gate is one module in `quality_harness.gates` with a module-level `GATE`; the folder
    is the registry.

    Attributes:
        name: in kebab case, as on the command line.
        summary: one sentence, what it checks.
        reason: why a project wants it, in prose.
        check: takes the project, gives what it found; raises CouldNotRun.
        rules: its own rules.
        outside_codes: prefixes of codes that an outside tool gives ("F", "E").
        options: a frozen dataclass with a default for every field; its fields are the keys
            of `[tool.quality_harness.<name>]`, with underscores for dashes.
        after: gates whose results this one reads; it waits for those that run with it.
        reads_changes: whether it needs the base; without it `Project.changes` may be empty.
        remembered: whether a pass holds until something in the project or around it changes:
            for gates that take long and look at nothing else. See `quality_harness.passed`.
    """

    name: str
    summary: str
    reason: str
    check: Callable[[Project], Checked]
    rules: tuple[Rule, ...] = ()
    outside_codes: tuple[str, ...] = ()
    options: type = NoOptions
    after: tuple[str, ...] = ()
    reads_changes: bool = False
    remembered: bool = False

    def has_code(self, code: str) -> bool:
        """Whether a finding of this gate can carry `code`."""
        return code in {rule.code for rule in self.rules} or self.has_outside_code(code)

    def has_outside_code(self, code: str) -> bool:
        """Whether `code` is one of its outside tool's: a prefix and digits."""
        return any(
            code.startswith(prefix) and code.removeprefix(prefix).isdecimal()
            for prefix in self.outside_codes
        )


@dataclass(frozen=True)
class Result:
    """One gate's row in the report.

    Attributes:
        gate: the gate's name.
        verdict: pass, fail or could-not-run.
        seconds: wall time.
        checked: how many things were looked at.
        unit: what was counted.
        note: one line for the report.
        findings: all of them, suppressed ones too, in the order of their places.
    """

    gate: str
    verdict: Verdict
    seconds: float
    checked: int = 0
    unit: str = ""
    note: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def counted(self) -> tuple[Finding, ...]:
        """The findings that make the gate fail."""
        return tuple(finding for finding in self.findings if finding.counts)


@dataclass(frozen=True)
class Report:
    """What one run says.

    Attributes:
        results: in the order of the gates.
        base: how the base was found.
        prefix: the project's path inside its repository, with a slash at its end, or empty;
            programs are told paths of the repository, people those of the project.
        rules: what the gates of the run look for; an outside tool's are not among them.
        changed: path and number of each line that the change adds, where that was asked for.
    """

    results: tuple[Result, ...]
    base: str = ""
    prefix: str = ""
    rules: tuple[Rule, ...] = ()
    changed: frozenset[tuple[str, int]] = frozenset()

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all; could-not-run where no gate ran."""
        verdicts = {result.verdict for result in self.results}
        if not verdicts or Verdict.COULD_NOT_RUN in verdicts:
            return Verdict.COULD_NOT_RUN
        return Verdict.FAIL if Verdict.FAIL in verdicts else Verdict.PASS

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every gate's findings, suppressed ones too."""
        return tuple(finding for result in self.results for finding in result.findings)
