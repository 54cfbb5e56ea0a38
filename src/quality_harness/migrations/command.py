"""`quality-harness migrations`: the static check on any tree, without configuration."""

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from quality_harness.gate import ChangeKind, Changes, Checked, CouldNotRun
from quality_harness.migrations.checking import base_of, check, used_on
from quality_harness.migrations.reader.kept import Kept
from quality_harness.migrations.reader.source import walk
from quality_harness.migrations.reader.tree import Reading, read_tree


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's own arguments: `paths` and `base`."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="folders or files to read; the current folder by default",
    )
    parser.add_argument(
        "--base",
        metavar="REV",
        help="check only what is new against this revision; everything by default",
    )


def check_tree(root: Path, paths: Sequence[Path] = (), changes: Changes | None = None) -> Checked:
    """Check the migrations under some paths; the tree need not be importable, nor in git.

    Args:
        root: what paths of findings are relative to; imports are looked for under it.
        paths: folders or files under `root`; `root` itself by default.
        changes: what is new, with paths relative to `root`; everything is checked without it.

    Raises:
        CouldNotRun: a path does not exist, no migration was found, or one cannot be read.
    """
    started = time.perf_counter()
    top = Path(os.path.abspath(root))
    starts = [Path(os.path.abspath(path)) for path in paths] or [top]
    # Only a repository has a folder for what is kept that git does not see.
    kept = None if changes is None else Kept.of(top)
    reading = read_tree(top, [path for start in starts for path in _files(top, start)], kept)
    kinds = None if changes is None else _kinds(changes, top, starts)
    base = None if changes is None else changes.base
    judgement = check(
        reading,
        kinds,
        used_on(top, base, reading),
        None if changes is None else base_of(top, changes),
        _partly_read(top, starts),
    )
    if not reading.migrations and not judgement.judged:
        named = ", ".join(str(start) for start in starts)
        raise CouldNotRun(f"No migration files found under {named}. Name the project's folder.")
    note = _note(reading, time.perf_counter() - started)
    if changes is not None and not judgement.judged:
        note = f"{note}; no migration is new against {changes.label}"
        return Checked((), 0, "migrations", note, nothing_new=True)
    judged = frozenset(migration.path for migration in judgement.judged)
    problem = judgement.problem
    return Checked(
        judgement.findings, len(judged), "migrations", note, paths=judged, problem=problem
    )


def _partly_read(root: Path, starts: Sequence[Path]) -> set[str]:
    """Return the folders of which only files were named."""
    whole = [start for start in starts if start.is_dir()]
    return {
        start.parent.relative_to(root).as_posix()
        for start in starts
        if not any(start.is_relative_to(each) for each in whole)
    }


def _files(root: Path, start: Path) -> list[str]:
    if not start.is_relative_to(root):
        raise CouldNotRun(f"{start} is not under {root}. Run the command from a folder above it.")
    return list(walk(root, start))


def _kinds(changes: Changes, root: Path, starts: Sequence[Path]) -> Mapping[str, ChangeKind] | None:
    """Return what happened to the files under `starts`; None where there is no base."""
    if changes.base is None:
        return None
    return {
        path: kind
        for path, kind in changes.kinds.items()
        if any((root / path).is_relative_to(start) for start in starts)
    }


def _note(reading: Reading, seconds: float) -> str:
    apps = len({migration.folder for migration in reading.migrations})
    operations = sum(len(migration.operations) for migration in reading.migrations)
    return (
        f"read {len(reading.migrations)} migration files in {apps} apps, "
        f"{operations} operations, {seconds:.2f} s"
    )
