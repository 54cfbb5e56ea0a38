"""Runs flake8 over the files of which no verdict is kept; see `_kept_run`.

    python -m quality_harness.gates._flake8_run REQUEST ANSWER

REQUEST names the project's files. What flake8 finds in those that it reads is printed, and its exit
code is this one's.

Which files those are is flake8's own business: its excludes, its file patterns, the settings file
that it finds. Asking flake8 is the only way not to differ from it.
"""

import hashlib
import json
import posixpath
import sys
import sysconfig
from pathlib import Path
from typing import Any

from flake8.discover_files import expand_paths
from flake8.main import cli
from flake8.main.application import Application

from quality_harness.kept_verdicts import KeptVerdicts, versions

# What begins a row, since a name may have line breaks, and what parts its columns. The gate refuses
# names with one of these; in the text, which comes last, the second one may stand.
FORMAT = "\x1e\x1e%(path)s\x1f%(row)d\x1f%(col)d\x1f%(code)s\x1f%(text)s"


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
        [loaded.plugin.package, loaded.plugin.version, loaded.entry_name]
        for loaded in application.plugins.all_plugins()
    ]
    settings = {name: _text(value) for name, value in vars(options).items()}
    # What the project brings itself has no version.
    packages = {package for package, _, _ in plugins} - {"local"}
    state = [versions("flake8", *packages), plugins, _own_modules(), settings]
    return {"files": sorted(files), "state": json.dumps(state, sort_keys=True)}


def _text(value: Any) -> str:
    """Return a setting as text, the same in each process: sets have no order."""
    return repr(sorted(value, key=repr) if isinstance(value, set | frozenset) else value)


def _own_modules() -> dict[str, str]:
    """Return the digests of the modules that no package brings, such as the project's plugins.

    They have no version. What they import stands among them, too.
    """
    brought = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    files = {str(getattr(module, "__file__", "")) for module in tuple(sys.modules.values())}
    return {
        file: hashlib.sha256(Path(file).read_bytes()).hexdigest()
        for file in files
        if Path(file).is_file() and not any(Path(file).is_relative_to(one) for one in brought)
    }


def main(source: str, target: str) -> int:
    """Answer the request in the file `source` and return flake8's exit code."""
    asked = json.loads(Path(source).read_text(encoding="utf-8"))
    found, own = plan(), set(asked["files"])
    names = [name for name in map(posixpath.normpath, found["files"]) if name in own]
    kept = KeptVerdicts.of(Path.cwd(), "flake8", found["state"], names, fresh=asked["fresh"])
    Path(target).write_text(json.dumps(vars(kept)), encoding="utf-8")
    return cli.main([f"--format={FORMAT}", "--", *kept.unread]) if kept.unread else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
