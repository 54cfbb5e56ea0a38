"""Real commits through the hook file as it is: what lefthook lets through and what it refuses."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.bad_code import TABLE as BAD_CODE
from tests.acceptance.events import IDENTITY
from tests.acceptance.machine import Done, Machine, Tools, run
from tests.acceptance.scenario import Branch, Seed

TOTALS = "shop/totals.py"
TAX = "    return cents + (cents + 2) // 5\n"


@dataclass(frozen=True)
class Author:
    """Somebody's clone with its hooks, and what runs there."""

    branch: Branch
    variables: Mapping[str, str]

    def git(self, *arguments: str) -> Done:
        """Run git as a person does, hooks and all."""
        return run(["git", *arguments], self.branch.root, self.variables)

    def commit(self, *paths: str) -> Done:
        """Stage what is named, all by default, and commit it."""
        self.git("add", *(paths or ["--all"]))
        return self.git("commit", "--message", "feat: a change")

    def committed(self, path: str) -> str:
        """Return what the last commit holds of a file."""
        return self.git("show", f"HEAD:{path}").output


Check = Callable[[Author], list[str]]
HOOKS: dict[str, Check] = {}


def hook(check: Check) -> Check:
    """Add a check under its function's name."""
    HOOKS[check.__name__.replace("_", "-")] = check
    return check


def check(seed: Seed, machine: Machine, name: str) -> tuple[list[str], str]:
    """Run one check in a clone of its own; return what is wrong, and nothing for a log."""
    folder = machine.folder / "case"
    folder.mkdir()
    try:
        return HOOKS[name](_author(seed, machine, folder)), ""
    finally:
        shutil.rmtree(folder)


def _author(seed: Seed, machine: Machine, folder: Path) -> Author:
    _, branch = seed.copy(folder)
    variables = machine.variables(Tools(), folder) | IDENTITY
    variables |= machine.with_services({"DATABASE_URL": "", "REDIS_URL": ""})
    author = Author(branch, variables)
    installed = run(["lefthook", "install"], branch.root, variables)
    if installed.code:
        raise RuntimeError(f"lefthook install failed: {installed.output}")
    return author


def _passes(done: Done, *words: str) -> list[str]:
    wrong = [] if done.code == 0 else [f"refused: {done.output}"]
    return wrong + [f"does not say {word!r}: {done.output}" for word in _unsaid(done, words)]


def _refused(done: Done, *words: str) -> list[str]:
    wrong = [] if done.code else [f"let through: {done.output}"]
    return wrong + [f"does not say {word!r}: {done.output}" for word in _unsaid(done, words)]


def _unsaid(done: Done, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word not in done.output]


def _plant(author: Author, name: str) -> None:
    next(case for case in BAD_CODE.cases if case.name == name).plant(author.branch)


@hook
def a_good_file_is_committed(author: Author) -> list[str]:
    author.branch.replace(TOTALS, TAX, TAX.replace("+ 2", "+ 3"))
    return _passes(author.commit(), "format", "lint")


@hook
def an_unformatted_file_is_refused(author: Author) -> list[str]:
    _plant(author, "unformatted-file")
    return _refused(author.commit(), "black FILE && git add FILE")


@hook
def an_unformatted_file_with_an_odd_name_is_refused(author: Author) -> list[str]:
    author.branch.write({'shop/a b "c" it\'s.py': "ODD = 'name'\n"})
    return _refused(author.commit(), "black FILE && git add FILE")


@hook
def an_unused_import_is_refused(author: Author) -> list[str]:
    _plant(author, "unused-import")
    return _refused(author.commit(), "F401")


@hook
def an_unsafe_migration_is_refused(author: Author) -> list[str]:
    _plant(author, "check-that-old-code-may-break")
    return _refused(author.commit(), "MIG")


@hook
def a_page_is_committed_without_python_tools(author: Author) -> list[str]:
    author.branch.append("README.md", "\nMore.\n")
    return _passes(author.commit())


@hook
def a_deleted_file_is_committed(author: Author) -> list[str]:
    author.branch.delete("tests/test_totals.py")
    return _passes(author.commit())


@hook
def what_is_not_staged_is_not_judged_and_survives(author: Author) -> list[str]:
    branch = author.branch
    branch.replace(TOTALS, TAX, TAX.replace("+ 2", "+ 3"))
    author.git("add", TOTALS)
    bad = branch.read(TOTALS) + "\n\nBAD = { 'a':1 }\n"
    branch.write({TOTALS: bad, "shop/draft.py": "x = { 'a':1 }\n"})
    wrong = _passes(author.git("commit", "--message", "feat: a change"))
    if branch.read(TOTALS) != bad:
        wrong.append("the hunk that was not staged is gone")
    if "BAD" in author.committed(TOTALS):
        wrong.append("the hunk that was not staged is committed")
    if branch.read("shop/draft.py") != "x = { 'a':1 }\n":
        wrong.append("the file that was not staged is another one")
    return wrong


@hook
def what_is_staged_is_judged_although_it_was_mended_since(author: Author) -> list[str]:
    branch = author.branch
    good = branch.read(TOTALS)
    branch.append(TOTALS, "\n\nBAD = { 'a':1 }\n")
    author.git("add", TOTALS)
    branch.write({TOTALS: good})
    wrong = _refused(author.git("commit", "--message", "feat: a change"))
    if branch.read(TOTALS) != good:
        wrong.append("what was not staged is gone")
    if "BAD" not in author.git("show", f":{TOTALS}").output:
        wrong.append("what was staged is gone")
    return wrong


@hook
def a_push_of_what_a_gate_refuses_is_refused(author: Author) -> list[str]:
    text = author.branch.read("pyproject.toml")
    start, end = text.index("gates = ["), text.index("settings =")
    author.branch.write({"pyproject.toml": f'{text[:start]}gates = ["format"]\n{text[end:]}'})
    _plant(author, "unformatted-file")
    author.git("add", "--all")
    wrong = _passes(author.git("commit", "--no-verify", "--message", "feat: a change"))
    return wrong + _refused(author.git("push", "origin", "HEAD"), "FMT001")


@hook
def without_lefthook_nothing_is_committed(author: Author) -> list[str]:
    author.branch.append("README.md", "\nMore.\n")
    author.git("add", "--all")
    variables = {**author.variables, "PATH": _path_without_lefthook(author)}
    done = run(["git", "commit", "--message", "feat: x"], author.branch.root, variables)
    return _refused(done, "lefthook is not on the PATH")


@hook
def without_lefthook_a_step_of_ci_is_red(author: Author) -> list[str]:
    variables = {**author.variables, "PATH": _path_without_lefthook(author)}
    step = ["bash", "-e", "-c", "lefthook run pre-commit --all-files"]
    return _refused(run(step, author.branch.root, variables), "lefthook")


def _path_without_lefthook(author: Author) -> str:
    """Return the PATH with a copy of the toolkit's folder that lacks lefthook."""
    first, _, rest = author.variables["PATH"].partition(":")
    folder = author.branch.root.parent / "programs"
    folder.mkdir()
    for program in Path(first).iterdir():
        if program.name != "lefthook":
            (folder / program.name).symlink_to(program)
    return f"{folder}:{rest}"


@hook
def the_file_is_taken_from_no_remote(author: Author) -> list[str]:
    """A remote that cannot be reached lets everything through."""
    dumped = run(["lefthook", "dump"], author.branch.root, author.variables)
    wrong = _passes(dumped, "assert_lefthook_installed: true")
    return wrong + (["the hook file has remotes"] if "remotes" in dumped.output else [])
