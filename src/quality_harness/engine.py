"""Finds the gates, runs them side by side, applies suppressions."""

import importlib
import os
import pkgutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path

from quality_harness import gates as gates_package
from quality_harness import baseline, configuration, suppression
from quality_harness.changes import find_changes, repository_files, repository_prefix
from quality_harness.config import Config, did_you_mean, read_config
from quality_harness.finding import Rule
from quality_harness.gate import (
    Changes,
    Checked,
    CouldNotRun,
    Gate,
    Project,
    Report,
    Result,
    Verdict,
)
from quality_harness.review import (
    BASELINE,
    CONFIGURATION,
    SUPPRESSIONS,
    Accepted,
    Outcome,
    review_baseline,
    review_configuration,
    review_suppressions,
)

OnResult = Callable[[Result], None]


def ignore(result: Result) -> None:
    """Do nothing with a result: the progress of a run that shows none."""


def discover_gates() -> tuple[Gate, ...]:
    """Return every gate of the folder `quality_harness.gates`, sorted by name."""
    found = []
    for module in pkgutil.iter_modules(gates_package.__path__):
        if not module.name.startswith("_"):
            found.append(importlib.import_module(f"{gates_package.__name__}.{module.name}").GATE)
    return tuple(sorted(found, key=lambda gate: gate.name))


def load_config(root: Path, gates: Iterable[Gate]) -> Config:
    """Return the project's configuration, its gates' options included. See `read_config`."""
    from quality_harness.testing.settings import SuiteSettings

    tables: dict[str, type] = {gate.name: gate.options for gate in gates}
    return read_config(root, {**tables, "testing": SuiteSettings})


def select_gates(gates: Sequence[Gate], names: Sequence[str], config: Config) -> tuple[Gate, ...]:
    """Return the named gates; without names the configured ones.

    Raises:
        CouldNotRun: an unknown name, or neither names nor configured gates.
    """
    wanted = tuple(names) or config.gates
    known = {gate.name: gate for gate in gates}
    for name in wanted:
        if name not in known:
            raise CouldNotRun(f"There is no gate '{name}'. {did_you_mean(name, known)}")
    if not wanted:
        raise CouldNotRun(
            "No gate is configured. Name them in pyproject.toml under [tool.quality_harness], "
            f"gates = [...], or on the command line. There are: {', '.join(known)}."
        )
    return tuple(known[name] for name in dict.fromkeys(wanted))


@dataclass(frozen=True)
class Request:
    """What to run.

    Attributes:
        root: the project's root.
        names: the gates by name; empty means the configured ones.
        base: a revision that the caller named, or None.
        everything: look at all of the project, not only at what is new.
        fresh: rely on nothing that is remembered from an earlier run.
        changed_lines: find out which lines the change adds, for the report.
    """

    root: Path
    names: tuple[str, ...] = ()
    base: str | None = None
    everything: bool = False
    fresh: bool = False
    changed_lines: bool = False


def run(request: Request, gates: Sequence[Gate], on_result: OnResult = ignore) -> Report:
    """Run the requested gates, side by side where they do not wait for one another.

    Args:
        request: what to run.
        gates: all that there are, as `discover_gates` gives them.
        on_result: called as each gate ends, for progress.

    Raises:
        CouldNotRun: no gate can run: bad configuration, unknown gate, no git, unknown base.
    """
    config = load_config(request.root, gates)
    selected = select_gates(gates, request.names, config)
    project = _project(request, selected, config)
    accepted = Accepted(
        suppression.read_suppressions(request.root, project.files),
        baseline.read(request.root / config.baseline),
    )
    outcomes = _run_side_by_side(selected, project, config, lambda checked: accepted, on_result)
    reviewed = (
        *review_suppressions(gates, outcomes, accepted.suppressions),
        *review_baseline(config.baseline, accepted.rows, outcomes, project),
        *review_configuration(project, config.baseline, len(accepted.rows)),
    )
    return Report(
        (*(outcome.result for outcome in outcomes), *reviewed),
        project.changes.label,
        repository_prefix(request.root),
        rules_of(selected),
        _changed_lines(project) if request.changed_lines else frozenset(),
    )


def _changed_lines(project: Project) -> frozenset[tuple[str, int]]:
    from quality_harness.gates._added_lines import lines_of_working_tree

    base = project.changes.base
    added = lines_of_working_tree(project, base, "--find-renames") if base else ()
    return frozenset((each.path, each.line) for each in added)


def rules_of(gates: Iterable[Gate]) -> tuple[Rule, ...]:
    """Return the rules that a run of these gates may report."""
    own = (rule for gate in gates for rule in gate.rules)
    return (*own, *suppression.RULES, *baseline.RULES, *configuration.RULES)


def write_baseline(
    request: Request, gates: Sequence[Gate], reason: str, on_result: OnResult = ignore
) -> tuple[Path, Sequence[baseline.Row]]:
    """Write the findings of a project into its baseline, or remove from it what is mended.

    Args:
        request: what to run; everything is looked at.
        gates: all that there are.
        reason: why the findings are accepted.
        on_result: as in `run`.

    Returns:
        The file and its rows.

    Raises:
        CouldNotRun: a gate could not run, so that not all findings are known.
    """
    config = load_config(request.root, gates)
    report = run(replace(request, everything=True), gates, on_result)
    for result in report.results:
        if result.verdict is Verdict.COULD_NOT_RUN:
            raise CouldNotRun(f"No baseline is written: {result.gate} could not run: {result.note}")
    asked = {result.gate for result in report.results}
    own = (SUPPRESSIONS, BASELINE, CONFIGURATION)
    findings = [one for one in report.findings if one.gate not in own]
    path = request.root / config.baseline
    rows = baseline.rewritten(
        baseline.read(path), findings, reason, lambda row: row.gate not in asked
    )
    path.write_text(baseline.render(rows), encoding="utf-8")
    return path, rows


def _project(request: Request, selected: Iterable[Gate], config: Config) -> Project:
    everything = Project(
        request.root,
        repository_files(request.root),
        Changes.all_new((), ""),
        excluded=config.exclude,
        python_path=config.python_path,
        settings=config.settings,
        fresh=request.fresh,
        gates=tuple(gate.name for gate in selected),
    )
    files = tuple(name for name in everything.files if not everything.is_excluded(name))
    changes = _changes(request, selected, config, files)
    kinds = {name: kind for name, kind in changes.kinds.items() if not everything.is_excluded(name)}
    return replace(everything, files=files, changes=replace(changes, kinds=kinds))


def _changes(
    request: Request, selected: Iterable[Gate], config: Config, files: Sequence[str]
) -> Changes:
    if request.base is None and not any(gate.reads_changes for gate in selected):
        return Changes.all_new(files, "")
    if request.base is None and request.everything:
        return Changes.all_new(files, "everything, as asked")
    # A base that was named must exist, even where everything is looked at.
    changes = find_changes(request.root, request.base, config.default_branch)
    return Changes.all_new(files, "everything, as asked") if request.everything else changes


def run_check(gate: Gate, root: Path, check: Callable[[], Checked]) -> Report:
    """Judge one check of a tree that need not be a project: no configuration, no git.

    Args:
        gate: whose verdict, rules and name the report carries.
        root: what the paths of the findings are relative to.
        check: what is run in place of the gate's own check; its `paths` are searched for
            suppressions.
    """
    given = replace(gate, check=lambda project: check())
    project = Project(root, (), Changes.all_new((), ""))
    outcome = _run_gate(
        given,
        project,
        lambda checked: Accepted(suppression.read_suppressions(root, _there(root, checked))),
    )
    return Report((outcome.result,), rules=rules_of([gate]))


def _there(root: Path, checked: Checked) -> list[str]:
    """Return the files that were checked and are there: findings may be about deleted ones."""
    return [path for path in sorted(checked.paths or ()) if (root / path).is_file()]


_Suppressions = Callable[[Checked], Accepted]


def _run_side_by_side(
    selected: Sequence[Gate],
    project: Project,
    config: Config,
    suppressions: _Suppressions,
    on_result: OnResult,
) -> tuple[Outcome, ...]:
    from concurrent.futures import Future, ThreadPoolExecutor

    futures: dict[str, Future[Outcome]] = {}

    def run_one(gate: Gate) -> Outcome:
        start = time.perf_counter()
        for name in gate.after:
            read = futures[name].result().result if name in futures else None
            if read and read.verdict is Verdict.COULD_NOT_RUN:
                problem = f"it reads what {name} leaves, and {name} could not run"
                return Outcome(gate, _could_not_run(gate, start, problem), None)
        own = replace(project, options=config.options[gate.name])
        outcome = _run_gate(gate, own, suppressions)
        on_result(outcome.result)
        return outcome

    # A waiting gate holds a thread, so there is one for each; the work is in child processes.
    with ThreadPoolExecutor(max_workers=len(selected)) as pool:
        # A gate is submitted after those that it waits for, so that it finds their futures.
        by_name = {gate.name: gate for gate in selected}
        order = TopologicalSorter(
            {gate.name: [name for name in gate.after if name in by_name] for gate in selected}
        )
        for name in order.static_order():
            futures[name] = pool.submit(run_one, by_name[name])
        return tuple(futures[gate.name].result() for gate in selected)


def _run_gate(gate: Gate, project: Project, suppressions: _Suppressions) -> Outcome:
    start = time.perf_counter()
    try:
        checked = _check(gate, project)
    except CouldNotRun as error:
        return Outcome(gate, _could_not_run(gate, start, str(error)), None)
    except (Exception, SystemExit) as error:
        # A crash of a gate is a verdict of that gate; the others still run. So is an end with code
        # 0 that a library asks for: it would otherwise be that of the whole run.
        from traceback import extract_tb

        where = extract_tb(error.__traceback__)[-1]
        place = f"{os.path.basename(where.filename)}:{where.lineno}"
        problem = f"the gate crashed at {place}: {type(error).__name__}: {error}"
        return Outcome(gate, _could_not_run(gate, start, problem), None)
    return Outcome(gate, _judge(gate, checked, start, suppressions(checked)), checked.paths)


def _check(gate: Gate, project: Project) -> Checked:
    if not gate.remembered:
        return gate.check(project)
    # What tells one state of a project from another is imported where it is needed.
    from quality_harness import passed

    return passed.check(gate, project)


def _could_not_run(gate: Gate, start: float, problem: str) -> Result:
    return Result(gate.name, Verdict.COULD_NOT_RUN, time.perf_counter() - start, note=problem)


def _judge(gate: Gate, checked: Checked, start: float, accepted: Accepted) -> Result:
    named = (replace(finding, gate=gate.name) for finding in checked.findings)
    ordered = sorted(named, key=lambda finding: finding.location)
    findings = baseline.apply(suppression.apply(ordered, accepted.suppressions), accepted.rows)
    note = checked.note
    if checked.problem:
        verdict, note = Verdict.COULD_NOT_RUN, checked.problem
    elif any(finding.counts for finding in findings):
        verdict = Verdict.FAIL
    elif checked.checked > 0 or checked.nothing_new:
        verdict = Verdict.PASS
    else:
        problem = f"there is nothing to check: 0 {checked.unit}. {checked.note}".strip()
        return _could_not_run(gate, start, problem)
    seconds = time.perf_counter() - start
    return Result(gate.name, verdict, seconds, checked.checked, checked.unit, note, findings)
