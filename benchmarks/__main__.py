"""Runs one benchmark by its name: `make bench NAME=fuzz`."""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

NO_BENCHMARKS = ("figures",)


def names() -> list[str]:
    """Return the names of all benchmarks: the modules here, but for what they share."""
    modules = [path.stem for path in Path(__file__).parent.glob("*.py")]
    return sorted(name for name in modules if name[0] != "_" and name not in NO_BENCHMARKS)


def main(argv: Sequence[str]) -> int:
    """Run the benchmark that the first argument names, with the other ones.

    Returns:
        0 every goal is met, 1 one is missed, 2 nothing was measured.
    """
    name = argv[0].replace("-", "_") if argv else ""
    if name not in names():
        problem = f"There is no benchmark {name!r}." if name else "Which benchmark?"
        commands = "\n".join(f"  make bench NAME={known}" for known in names())
        print(f"{problem} These are there:\n{commands}", file=sys.stderr)
        return 2
    code: int = importlib.import_module(f"benchmarks.{name}").main(argv[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
