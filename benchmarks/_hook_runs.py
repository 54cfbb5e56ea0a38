"""One commit through lefthook and through pre-commit, with the same checks of the same files."""

import os
import re
import shutil
import subprocess
import sysconfig
import time
import venv
from dataclasses import dataclass
from pathlib import Path

from quality_harness.gate import CouldNotRun
from quality_harness.tool import work_folder

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = ROOT / "ci-templates/lefthook/lefthook.yml"
PRE_COMMIT = "4.7.0"
FILES = 50
# What the checks cost is left out: what is left is the runner itself.
NOTHING = "/bin/true"


@dataclass(frozen=True)
class Check:
    """A job of the template that is shipped: its command, and which files it is given."""

    name: str
    command: str
    pattern: str


def checks() -> list[Check]:
    """Return the checks of the template's pre-commit hook."""
    text = TEMPLATE.read_text(encoding="utf-8").partition("pre-push:")[0]
    jobs = re.findall(r"- name: (\S+)\n +glob: \"(.+)\"\n +run: (.+)\n", text)
    if not jobs:
        raise CouldNotRun(f"{TEMPLATE} has no jobs that can be read")
    return [Check(name, command, pattern) for name, pattern, command in jobs]


def environment(repository: Path) -> dict[str, str]:
    """Return the variables of a commit: the tools of this interpreter, no settings of the user."""
    return {
        **{name: text for name, text in os.environ.items() if not name.startswith("GIT_")},
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]]),
        "HOME": str(repository.parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        **{f"GIT_{who}_NAME": "A" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "a@example.org" for who in ("AUTHOR", "COMMITTER")},
    }


def run(repository: Path, *words: str) -> None:
    """Run a command in a repository.

    Raises:
        CouldNotRun: it failed.
    """
    done = subprocess.run(
        words,
        cwd=repository,
        env=environment(repository),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-400:]
        raise CouldNotRun(f"{' '.join(words[:2])} failed: {said}")


def make_repository(folder: Path) -> Path:
    """Return a repository of some modules that all checks find clean, without a hook."""
    folder.mkdir()
    for number in range(FILES):
        text = f'"""Module {number}."""\n\n\ndef value() -> int:\n    return {number}\n'
        (folder / f"module_{number}.py").write_text(text, encoding="utf-8")
    run(folder, "git", "init", "--quiet")
    commit(folder)
    return folder


def commit(repository: Path) -> float:
    """Commit all that has changed, and return the seconds that it took."""
    run(repository, "git", "add", "--all")
    before = time.perf_counter()
    run(repository, "git", "commit", "--quiet", "--message=feat: change a module")
    return time.perf_counter() - before


def commit_one_file(repository: Path, number: int) -> float:
    """Change one module, commit it, and return the seconds that the commit took."""
    path = repository / "module_0.py"
    path.write_text(f'"""Module 0."""\n\nVALUE = {number}\n', encoding="utf-8")
    return commit(repository)


def lefthook(repository: Path, *, empty: bool = False) -> None:
    """Install the template's hooks; with `empty`, each check does nothing."""
    text = TEMPLATE.read_text(encoding="utf-8")
    if empty:
        text = re.sub(r"( +run: ).+", rf"\1{NOTHING}", text)
    (repository / "lefthook.yml").write_text(text, encoding="utf-8")
    run(repository, "lefthook", "install")
    commit(repository)


def pre_commit(repository: Path, *, empty: bool = False) -> None:
    """Install the same checks as local hooks of pre-commit; see `lefthook`."""
    lines = ["repos:", "  - repo: local", "    hooks:"]
    for check in checks():
        files = r"(^|/)migrations/[^/]+\.py$" if "migrations" in check.pattern else r"\.py$"
        command = NOTHING if empty else check.command.removesuffix(" {staged_files}")
        lines += [
            f"      - id: {check.name}",
            f"        name: {check.name}",
            f"        entry: '{command}'",
            "        language: system",
            f"        files: '{files}'",
            f"        pass_filenames: {str('{staged_files}' in check.command).lower()}",
        ]
    text = "\n".join(lines) + "\n"
    (repository / ".pre-commit-config.yaml").write_text(text, encoding="utf-8")
    run(repository, str(pre_commit_program()), "install")
    commit(repository)


def pre_commit_program() -> Path:
    """Return pre-commit, installed once into an environment of its own."""
    folder = work_folder(ROOT) / "peers-gates"
    program = folder / "bin" / "pre-commit"
    marker = folder / PRE_COMMIT
    if not marker.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        asked = ("--quiet", "--disable-pip-version-check", f"pre-commit=={PRE_COMMIT}")
        done = subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", *asked],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CouldNotRun(f"pre-commit cannot be installed: {done.stderr.strip()[-300:]}")
        marker.touch()
    return program
