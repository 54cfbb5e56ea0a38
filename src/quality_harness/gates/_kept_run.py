"""Has a tool read the files of which no verdict is kept.

Which files there are, and what its judgement depends on, only the tool itself knows. So a module
`_<tool>_run` runs in a process that may import the tool. It gets two files: REQUEST holds, as JSON,
what the gate hands it and whether nothing kept counts; into ANSWER it writes the `KeptVerdicts` of
the files that the tool would read here, before it has the tool read those that are unread.
"""

import json
import tempfile
from pathlib import Path
from subprocess import CompletedProcess

from quality_harness.gate import CouldNotRun, Project
from quality_harness.kept_verdicts import KeptVerdicts, reads_all
from quality_harness.tool import last_line, require, run_module


def run(
    project: Project, tool: str, *, by_hand: str, extra: str, request: dict[str, object]
) -> tuple[KeptVerdicts, CompletedProcess[str]]:
    """Return what is kept of the tool's files, and the process that has read the others.

    Args:
        project: the project.
        tool: the tool's package.
        by_hand: the command that does the same, for the message where it fails.
        extra: our extra that installs it, for the message where it is missing.
        request: what its module is handed.

    Raises:
        CouldNotRun: the tool is missing, or failed before it knew what to read.
    """
    require(tool, extra)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "request.json"), Path(folder, "answer.json")
        handed = {**request, "fresh": reads_all(project)}
        source.write_text(json.dumps(handed), encoding="utf-8")
        module = f"quality_harness.gates._{tool}_run"
        done = run_module(module, [str(source), str(target)], cwd=project.root, extra=extra)
        if not target.exists():
            problem = last_line(done.stderr).removesuffix(".")
            raise CouldNotRun(f"{tool} failed: {problem}. Try it: {by_hand}")
        return KeptVerdicts(**json.loads(target.read_text(encoding="utf-8"))), done
