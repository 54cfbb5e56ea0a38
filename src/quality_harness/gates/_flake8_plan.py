"""Runs beside flake8: writes which files it would read and what its judgement depends on.

    python -m quality_harness.gates._flake8_plan FILE

Which files those are is flake8's own business: its excludes, its file patterns, the settings file
that it finds. Asking flake8 is the only way not to differ from it.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

from flake8.discover_files import expand_paths
from flake8.main.application import Application


def plan() -> dict[str, Any]:
    """Return the files that flake8 would read here, and its state: plugins and settings."""
    application = Application()
    application.initialize([])
    options = application.options
    assert options is not None and application.plugins is not None
    files = expand_paths(
        paths=options.filenames,
        stdin_display_name=options.stdin_display_name,
        filename_patterns=options.filename,
        exclude=(*options.exclude, *options.extend_exclude),
    )
    plugins = [
        [loaded.plugin.package, loaded.plugin.version, loaded.entry_name, _source(loaded)]
        for loaded in application.plugins.all_plugins()
    ]
    settings = {name: repr(value) for name, value in vars(options).items()}
    return {"files": sorted(files), "state": json.dumps([plugins, settings], sort_keys=True)}


def _source(loaded: Any) -> str:
    """Return the source of a plugin that stands in the project itself: it has no version."""
    if loaded.plugin.package != "local":
        return ""
    return Path(str(inspect.getsourcefile(loaded.obj))).read_text(encoding="utf-8")


def main(target: str) -> None:
    """Write the plan to the file `target`."""
    Path(target).write_text(json.dumps(plan()), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
