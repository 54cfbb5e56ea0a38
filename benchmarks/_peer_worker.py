"""Asks another migration checker about the samples; run by an interpreter that has it installed.

    python benchmarks/_peer_worker.py PEER DATABASE_URL < samples.json

Needs nothing but Django and the checker. Each sample gets a process of its own, forked after all
imports, because Django can be set up only once. Prints one line of JSON a sample.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django
import django.db.backends.postgresql.base  # noqa: F401  (imported before the forks)
from django.conf import settings


def main(peer: str, url: str) -> None:
    """Judge every sample that stands in standard input."""
    judge = PEERS[peer]
    for sample in json.load(sys.stdin):
        print(json.dumps(_forked(judge, sample, _database(url))), flush=True)


def _migration_linter() -> Callable[[Any], tuple[bool, bool]]:
    from django_migration_linter import MigrationLinter

    def judge(sample: Any) -> tuple[bool, bool]:
        linter = MigrationLinter(path=".", no_cache=True, no_output=True)
        for app, name in sample["new"]:
            linter.lint_migration(linter.migration_loader.disk_migrations[app, name])
        return linter.has_errors, linter.nb_warnings > 0

    return judge


def _safe_migrations() -> Callable[[Any], tuple[bool, bool]]:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django_safe_migrations.analyzer import MigrationAnalyzer

    def judge(sample: Any) -> tuple[bool, bool]:
        loader = MigrationLoader(connection)
        analyzer = MigrationAnalyzer(db_vendor="postgresql")
        levels = [
            issue.severity.name
            for app, name in sample["new"]
            for issue in analyzer.analyze_migration(
                loader.disk_migrations[app, name], app, name, loader
            )
        ]
        return "ERROR" in levels, "WARNING" in levels

    return judge


def _forked(judge: Callable[[Any], tuple[bool, bool]], sample: Any, database: Any) -> Any:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writer, "w") as pipe:
            json.dump(_answer(judge, sample, database), pipe)
            pipe.flush()
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer or '{"crash": "the process died"}') | {"name": sample["name"]}


def _answer(judge: Callable[[Any], tuple[bool, bool]], sample: Any, database: Any) -> Any:
    start = time.process_time()
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            _set_up(Path(folder), sample, database)
            error, warning = judge(sample)
    except (Exception, SystemExit) as problem:
        # A checker that cannot look at a sample is red there, as it would be in CI.
        return {"crash": f"{type(problem).__name__}: {problem}", "cpu": time.process_time() - start}
    return {"error": error, "warning": warning, "cpu": time.process_time() - start}


def _set_up(folder: Path, sample: Any, database: Any) -> None:
    for path, text in sample["files"].items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        for package in [folder / parent for parent in Path(path).parents[:-1]]:
            (package / "__init__.py").touch()
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    warnings.simplefilter("ignore")
    settings.configure(
        INSTALLED_APPS=sample["apps"],
        MIGRATION_MODULES=sample["modules"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
    }


PEERS = {
    "django-migration-linter": _migration_linter(),
    "django-safe-migrations": _safe_migrations(),
}

if __name__ == "__main__":
    main(*sys.argv[1:])
