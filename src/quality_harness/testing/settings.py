"""What `[tool.quality_harness.testing]` of a project's pyproject.toml asks of a test run."""

from dataclasses import dataclass
from pathlib import Path

from quality_harness.config import TABLE as TOP_TABLE
from quality_harness.config import read_options, read_table

TABLE = f"{TOP_TABLE}.testing"


@dataclass(frozen=True)
class SuiteSettings:
    """`[tool.quality_harness.testing]`.

    Attributes:
        seed: "module:function", called without arguments once the test databases are made and
            again after each flush; it must bear being called twice. Empty: no seed.
        template: build the PostgreSQL databases once, keep them as templates, and copy these for
            each run and process; restore the copies after a TransactionTestCase.
        paths: the folders that Django's runner searches when no label is given.
        strict: what is watched while tests run, by the names of the files in `watches/`; a test
            that does not hold to it fails. Empty: nothing.
        time_limit: seconds that a test may take, set-up and tear-down included; 0 for no limit.
    """

    seed: str = ""
    template: bool = False
    paths: tuple[str, ...] = ("tests",)
    strict: tuple[str, ...] = ()
    time_limit: float = 0.0


def load_settings(root: Path) -> SuiteSettings:
    """Read the table from the pyproject.toml in `root`; without file or table, the defaults.

    Raises:
        CouldNotRun: the file is no TOML, a key is unknown or a value has the wrong type.
    """
    file = root / "pyproject.toml"
    # A project that never names us is none of our business, not even if its TOML is broken.
    if not file.is_file() or b"quality_harness" not in file.read_bytes():
        return SuiteSettings()
    settings: SuiteSettings = read_options(
        read_table(root).get("testing", {}), SuiteSettings, TABLE
    )
    return settings
