"""What `init` says about a project: what it has found, which gates are on, what remains to do."""

from collections.abc import Iterator, Sequence

from quality_harness.gate import Report, Verdict
from quality_harness.init.choosing import Choice
from quality_harness.init.found import Found, Said
from quality_harness.init.planning import Plan
from quality_harness.init.rehearsing import ACCEPTED


def about_project(found: Found) -> str:
    """Return what was found, a line each."""
    packages = found.packages
    linters = [f"{name} ({file})" for name, file in found.linters.items()]
    rows = {
        "settings": _said(found.settings),
        "tests": _said(found.runner),
        "packages": f"{packages.manager} ({packages.file})" if packages.manager else "none found",
        "CI": ", ".join(found.hosts) or found.other_ci or "none found",
        "hooks": _said(found.hooks),
        "linters": ", ".join(linters) or "none found",
    }
    lines = [f"{name:<10}{value}" for name, value in rows.items()]
    return "\n".join([f"{len(found.files)} files in {found.root}", *lines])


def _said(said: Said) -> str:
    by = f" ({said.by})" if said.by else ""
    return f"{said.value}{by}" if said.value else "none found"


def about_gates(choices: Sequence[Choice], first: Report, unseen: Sequence[str]) -> str:
    """Return a line for each gate: what the first run says of it, or why it is left out."""
    return "\n".join(_gate_lines(choices, first, unseen))


def _gate_lines(choices: Sequence[Choice], first: Report, unseen: Sequence[str]) -> Iterator[str]:
    results = {result.gate: result for result in first.results}
    for choice in sorted(choices, key=lambda one: (bool(one.off), one.gate)):
        result = results.get(choice.gate)
        if choice.off or result is None:
            yield f"off   {choice.gate:<19}{choice.off}"
        else:
            looked = f"{result.checked} {result.unit}" if result.checked else result.note
            accepted = sum(finding.in_baseline for finding in result.findings)
            old = f", accepts {accepted} old findings" if accepted else ""
            if choice.gate == "secrets" and unseen:
                old = f", accepts {len(unseen)} unseen"
            yield f"on    {choice.gate:<19}{result.verdict}, {result.seconds:.1f} s, {looked}{old}"


def about_first_run(first: Report, unseen: Sequence[str]) -> str:
    """Return what the first `quality-harness gate` says, with the reason where it is not green.

    Args:
        first: the report of that run.
        unseen: the places of possible secrets that are accepted.
    """
    accepted = sum(finding.in_baseline for finding in first.findings)
    lines = [f"The first `quality-harness gate` will say: {first.verdict}."]
    if accepted:
        lines.append(f"It accepts {accepted} findings that are there, and no new one.")
    for result in first.results:
        if result.verdict is Verdict.COULD_NOT_RUN:
            lines.append(f"{result.gate}: {result.note}")
        lines += [f"{result.gate}: {finding.message}" for finding in result.counted[:3]]
    if unseen:
        lines.append(_about_secrets(unseen))
    return "\n".join(lines)


_NAMED = 10


def _about_secrets(unseen: Sequence[str]) -> str:
    one = len(unseen) == 1
    what = "1 possible secret is" if one else f"{len(unseen)} possible secrets are"
    mend = "look at it, and replace it if" if one else "look at them, and replace each that"
    left = len(unseen) - _NAMED
    more = [f"and {left} more in {ACCEPTED}"] if left > 0 else []
    places = ", ".join([*unseen[:_NAMED], *more])
    return f"{what} accepted unseen: {mend} is valid: {places}"


def about_rest(plan: Plan) -> str:
    """Return what is left alone and what is to be done by hand."""
    left = [f"{one.path} is left alone: {one.advice}" for one in plan.files if one.advice]
    return "\n".join([*left, *plan.notes])
