"""The shell scripts inside workflows, and what shellcheck says of them."""

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quality_harness.finding import Finding, Location
from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates._binary import run_binary
from quality_harness.gates._yaml import Text, is_tagged, items, mappings, text_at
from quality_harness.tool import last_line


@dataclass(frozen=True)
class Block:
    """One script: the file that it stands in, its text and first line, and its shell."""

    path: str
    script: Text
    shell: str


# Of a file or a name that another step or the runner brings, a block cannot know.
_EXCLUDED = "SC1090,SC1091,SC2034,SC2050,SC2153,SC2154,SC2157,SC2194"
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
_SHELLS = {"bash": "bash", "sh": "sh"}


def of_workflow(path: str, document: Any) -> Iterator[Block]:
    """Yield the scripts of a workflow's jobs that run in bash or sh."""
    for job in mappings(document.get("jobs")).values():
        default = _default_shell(document) or "bash"
        if "windows" in str(mappings(job).get("runs-on", "")):
            default = "pwsh"
        default = _default_shell(mappings(job)) or default
        yield from _of_steps(path, mappings(job).get("steps"), default)


def of_action(path: str, document: Any) -> Iterator[Block]:
    """Yield the scripts of a composite action."""
    yield from _of_steps(path, mappings(document.get("runs")).get("steps"), "bash")


def of_gitlab(path: str, document: Any) -> Iterator[Block]:
    """Yield the lines of script that GitLab's jobs run, in bash where the image has one."""
    for job in [document, *document.values()]:
        for key in ("before_script", "script", "after_script"):
            lines = mappings(job).get(key)
            if isinstance(lines, str):
                yield Block(path, text_at(job, key), "bash")
            # `!reference [.other, script]` names the lines of another job.
            own = lines if isinstance(lines, list) and not is_tagged(lines) else []
            for index, line in enumerate(own):
                if isinstance(line, str):
                    yield Block(path, text_at(lines, index), "bash")


def _default_shell(node: Any) -> str:
    return str(mappings(mappings(node.get("defaults")).get("run")).get("shell", ""))


def _of_steps(path: str, steps: Any, default: str) -> Iterator[Block]:
    for step in map(mappings, items(steps)):
        shell = _SHELLS.get(str(step.get("shell", default)).split(" ")[0], "")
        if isinstance(step.get("run"), str) and shell:
            yield Block(path, text_at(step, "run"), shell)


def check_blocks(project: Project, blocks: Sequence[Block]) -> Iterator[Finding]:
    """Yield what shellcheck finds.

    Raises:
        CouldNotRun: shellcheck is missing or failed.
    """
    for shell in sorted({block.shell for block in blocks}):
        yield from _check(project, [block for block in blocks if block.shell == shell], shell)


def _check(project: Project, blocks: Sequence[Block], shell: str) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        for index, block in enumerate(blocks):
            # An expression is filled in before the shell reads it; here it is a word as long.
            plain = _EXPRESSION.sub(
                lambda match: re.sub(r"[^\n]", "_", match[0]), block.script.text
            )
            Path(folder, f"{index}").write_text(plain + "\n", encoding="utf-8")
        names = [str(index) for index in range(len(blocks))]
        asked = ["--norc", "--format=json1", f"--shell={shell}", f"--exclude={_EXCLUDED}", *names]
        done = run_binary("shellcheck", asked, cwd=Path(folder), extra="workflows")
    try:
        comments = json.loads(done.stdout)["comments"]
    except (ValueError, KeyError):
        problem = last_line(done.stderr) or "it said nothing"
        raise CouldNotRun(f"shellcheck failed: {problem}. Try it: shellcheck --version") from None
    for comment in comments:
        block = blocks[int(comment["file"])]
        place = Location(block.path, block.script.line + comment["line"] - 1)
        code = f"SC{comment['code']}"
        hint = f"https://www.shellcheck.net/wiki/{code}"
        yield Finding(code, "shellcheck", comment["message"].rstrip("."), hint, place)
