"""Runs flake8 over the files that are not yet known to be clean, in a process of its own.

    python -m quality_harness.gates._flake8_run REQUEST ANSWER

REQUEST holds, as JSON, the project's files and whether nothing remembered counts. ANSWER gets the
digest of each file that flake8 reads here, and which of them are read now; what flake8 finds in
those is printed, and its exit code is this one's.

Which files those are is flake8's own business: its excludes, its file patterns, the settings file
that it finds. Asking flake8 is the only way not to differ from it.
"""

import inspect
import json
import posixpath
import sys
from pathlib import Path
from typing import Any

from flake8.discover_files import expand_paths
from flake8.main import cli
from flake8.main.application import Application

from quality_harness.clean_files import CleanFiles

# A unit separator stands in no path and in no message of flake8.
FORMAT = "%(path)s\x1f%(row)d\x1f%(col)d\x1f%(code)s\x1f%(text)s"


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


def main(source: str, target: str) -> int:
    """Answer the request in the file `source` and return flake8's exit code."""
    asked = json.loads(Path(source).read_text(encoding="utf-8"))
    found, own, root = plan(), set(asked["files"]), Path.cwd()
    names = [name for name in map(posixpath.normpath, found["files"]) if name in own]
    clean = CleanFiles.of(root, "flake8", found["state"])
    digests = clean.digests(root, names)
    known = frozenset() if asked["fresh"] else clean.known()
    changed = [name for name, digest in digests.items() if digest not in known]
    Path(target).write_text(json.dumps({"digests": digests, "changed": changed}), encoding="utf-8")
    return cli.main([f"--format={FORMAT}", "--", *changed]) if changed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
