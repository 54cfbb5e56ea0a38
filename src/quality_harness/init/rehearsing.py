"""Tries the chosen gates in a copy of the project: which can run, and what there is to accept."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from quality_harness import baseline, engine
from quality_harness.changes import file_on, find_changes, repository_files
from quality_harness.finding import Finding
from quality_harness.gate import Changes, Gate, Project, Report, Result, Verdict
from quality_harness.gates import coverage_ratchet, secrets
from quality_harness.gates.coverage import percent_of, read_report
from quality_harness.init.choosing import OF_CHANGES, Choice
from quality_harness.init.copying import copied
from quality_harness.init.found import Found

RATCHET = coverage_ratchet.Options.file
ACCEPTED = secrets.Options.accepted


@dataclass(frozen=True)
class Rehearsal:
    """What came of it.

    Attributes:
        choices: those that were given, and what could not run switched off.
        files: the baselines, their texts by their paths.
        first: what the first run says once everything is written.
        unseen: the places of what looks like a secret and is accepted.
    """

    choices: tuple[Choice, ...]
    files: Mapping[str, str]
    first: Report
    unseen: tuple[str, ...] = ()

    @property
    def accepted(self) -> frozenset[str]:
        """The gates whose findings the baseline accepts."""
        return frozenset(one.gate for one in self.first.findings if one.in_baseline)


Draft = Callable[[Sequence[Choice]], Mapping[str, str]]


def rehearse(
    found: Found,
    choices: Sequence[Choice],
    earlier: Iterable[str],
    draft: Draft,
    on_result: engine.OnResult = engine.ignore,
) -> Rehearsal:
    """Try the gates, and return what to write so that the first run passes.

    Args:
        found: the project.
        choices: which gates are wanted.
        earlier: gates that the project has switched on already.
        draft: gives the files to write for some choices.
        on_result: called as each gate ends.

    Raises:
        CouldNotRun: no gate can run at all.
    """
    gates = engine.discover_gates()
    changes = find_changes(found.root, None, found.default_branch)
    with copied(found.root) as copy:
        trial = _Trial(copy, changes, gates, on_result)
        _write(copy, draft(choices))
        held = _held(found.root, trial)
        results = trial.results([choice.gate for choice in choices if not choice.off])
        new = {choice.gate for choice in choices} - {*earlier} if held.is_committed else set()
        kept = tuple(_judged(choice, results, new) for choice in choices)
        on = {one.gate for one in kept if not one.off}
        standing = _accepted(trial, on)
        files = _baselines(trial, held, on, results, standing)
        _write(copy, {**draft(kept), **files})
        return Rehearsal(kept, files, trial.first(), standing.places)


@dataclass(frozen=True)
class _Trial:
    copy: Path
    changes: Changes
    gates: Sequence[Gate]
    on_result: engine.OnResult

    def results(self, names: Sequence[str]) -> Mapping[str, Result]:
        """Run gates on all of the project, those of changes on what is new."""
        # The figure of the ratchet is only known afterwards.
        whole = [one for one in names if one not in (*OF_CHANGES, "coverage-ratchet")]
        of_changes = [one for one in names if one in OF_CHANGES]
        everything = engine.Request(self.copy, tuple(whole), everything=True, fresh=True)
        requests = [everything] if whole else []
        requests += [self._request(of_changes)] if of_changes else []
        reports = [engine.run(one, self.gates, self.on_result) for one in requests]
        return {result.gate: result for report in reports for result in report.results}

    def first(self) -> Report:
        """Run what the configuration asks for."""
        return engine.run(self._request(()), self.gates, self.on_result)

    def _request(self, names: Sequence[str]) -> engine.Request:
        base = self.changes.base
        return engine.Request(self.copy, tuple(names), base, everything=base is None, fresh=True)

    def project(self) -> Project:
        """Return the copy as a gate is given it."""
        return Project(self.copy, repository_files(self.copy), self.changes)


@dataclass(frozen=True)
class _Held:
    """The baseline as it is: what is committed is held, what is only written is written anew."""

    name: str
    rows: Sequence[baseline.Row]
    is_committed: bool


def _held(root: Path, trial: _Trial) -> _Held:
    """Return the project's baseline, and take one that is not committed out of the trial."""
    name = engine.load_config(trial.copy, trial.gates).baseline
    path = trial.copy / name
    commits = ("HEAD", *filter(None, [trial.changes.base]))
    is_committed = any(file_on(root, commit, name) is not None for commit in commits)
    rows = baseline.read(path)
    if not is_committed:
        path.unlink(missing_ok=True)
    return _Held(name, rows, is_committed)


def _baselines(
    trial: _Trial,
    held: _Held,
    on: set[str],
    results: Mapping[str, Result],
    standing: secrets.Standing,
) -> Mapping[str, str]:
    """Return the files that accept what there is, for the gates that are on."""
    findings = [one for gate in on if gate in results for one in results[gate].findings]
    texts = {
        held.name: _baseline(held, findings, on),
        RATCHET: _ratchet(trial.copy, on),
        ACCEPTED: standing.text,
    }
    return {path: text for path, text in texts.items() if text}


def _write(root: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())


def _judged(choice: Choice, results: Mapping[str, Result], new: set[str]) -> Choice:
    """Return a choice, switched off where the trial has shown that the gate can say nothing."""
    result = results.get(choice.gate)
    if choice.gate == "coverage-ratchet" and not choice.off:
        tests = results.get("tests")
        if tests is None or tests.verdict is Verdict.COULD_NOT_RUN:
            return Choice(choice.gate, "it reads what tests leaves, and tests could not run")
    if result is None:
        return choice
    if result.verdict is Verdict.COULD_NOT_RUN:
        return Choice(choice.gate, f"could not run: {result.note}")
    if result.counted and choice.gate == "commit-messages":
        return Choice(choice.gate, f"not yet: {result.counted[0].message}")
    if result.counted and choice.gate in new:
        return Choice(
            choice.gate,
            f"it finds {len(result.counted)}, and the baseline only shrinks. Mend them first: "
            f"quality-harness gate {choice.gate} --all",
        )
    return choice


def _baseline(held: _Held, findings: Sequence[Finding], on: set[str]) -> str:
    """Return the text of the baseline; empty where it has no row and never had one."""
    # Secrets are accepted in a file of their own.
    known = [one for one in findings if one.gate != "secrets"]
    reason = f"there before {date.today()}"
    earlier = held.rows if held.is_committed else ()
    rows = baseline.rewritten(earlier, known, reason, lambda row: row.gate not in on)
    if not held.is_committed:
        # What somebody has written into a row stays.
        reasons = {row.key: row.reason for row in held.rows}
        rows = tuple(replace(row, reason=reasons.get(row.key, row.reason)) for row in rows)
    return baseline.render(rows) if rows or held.rows else ""


def _ratchet(copy: Path, on: set[str]) -> str:
    """Return the text of the ratchet's file; empty where the one that is there holds as much."""
    if "coverage-ratchet" not in on:
        return ""
    options = coverage_ratchet.Options()
    project = Project(copy, (), Changes.all_new((), ""), options)
    measured = percent_of(read_report(project, options)["totals"])
    path = copy / RATCHET
    held = json.loads(path.read_bytes())["percent"] if path.is_file() else 0.0
    return "" if held >= measured else f"{coverage_ratchet.row_of(measured)}\n"


def _accepted(trial: _Trial, on: set[str]) -> secrets.Standing:
    """Return what looks like a secret today and is to be accepted."""
    if "secrets" not in on or (trial.copy / ACCEPTED).is_file():
        return secrets.Standing()
    project = replace(trial.project(), options=secrets.Options())
    reason = f"there before {date.today()}, not looked at: replace it where it is valid"
    return secrets.accept_standing(project, reason)
