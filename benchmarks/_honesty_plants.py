"""The planted tests of benchmarks/honesty_samples, and a project made of them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SAMPLES = Path(__file__).with_name("honesty_samples")
RUNNERS = {"pytest": ("cases", "functions"), "django": ("cases",)}
_SETTINGS = """\
SECRET_KEY = "of a benchmark"
USE_TZ = True
TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"
"""
_PYPROJECT = """\
[tool.pytest.ini_options]
python_files = ["test_*.py"]
testpaths = ["tests"]
pythonpath = ["."]
DJANGO_SETTINGS_MODULE = "settings"
[tool.quality_harness]
settings = "settings"
[tool.quality_harness.tests]
runner = "{runner}"
coverage = false
[tool.quality_harness.testing]
strict = ["assertions"]
"""


@dataclass(frozen=True)
class Plant:
    """A planted test.

    Attributes:
        path: its file in the project.
        name: the function's name.
        first: its first line, decorators included.
        last: its last line.
        is_bad: whether it proves nothing.
    """

    path: str
    name: str
    first: int
    last: int
    is_bad: bool

    def holds(self, path: str, line: int) -> bool:
        """Whether a place lies in it."""
        return path == self.path and self.first <= line <= self.last


def plants(runner: str) -> list[Plant]:
    """Return the planted tests that a runner runs, in the order of the files."""
    return [plant for stem in RUNNERS[runner] for plant in _plants_of(stem)]


def _plants_of(stem: str) -> Iterator[Plant]:
    tree = ast.parse((SAMPLES / f"{stem}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            kind = node.name.split("_")[1] if node.name.startswith("test_") else ""
            if kind in {"bad", "good"}:
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                path = f"tests/test_{stem}.py"
                yield Plant(path, node.name, first, node.end_lineno or first, kind == "bad")


def write_project(root: Path, runner: str) -> None:
    """Write a project with the planted tests of a runner, as a git repository."""
    files = {
        "settings.py": _SETTINGS,
        "pyproject.toml": _PYPROJECT.format(runner=runner),
        "shop.py": (SAMPLES / "shop.py").read_text(encoding="utf-8"),
        "tests/__init__.py": "",
    }
    for stem in RUNNERS[runner]:
        files[f"tests/test_{stem}.py"] = (SAMPLES / f"{stem}.py").read_text(encoding="utf-8")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
