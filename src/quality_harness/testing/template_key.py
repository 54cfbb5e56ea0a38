"""What decides the content of a template database, as one digest.

A digest that is the same for another content would make tests pass that must fail. So everything
that can be seen to matter is in it, and in doubt more: the only cost is a database built anew.
"""

import hashlib
import importlib.util
import json
import os
import platform
import sys
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.db.models.signals import post_migrate, pre_migrate
from django.dispatch import Signal
from django.dispatch.dispatcher import NONE_ID
from django.utils.functional import Promise

from quality_harness.testing import emptying
from quality_harness.testing.imported import Imported, files_of, is_ours, walk

SETTINGS = (
    "AUTH_USER_MODEL",
    "DATABASE_ROUTERS",
    "DEFAULT_AUTO_FIELD",
    "DEFAULT_INDEX_TABLESPACE",
    "DEFAULT_TABLESPACE",
    "INSTALLED_APPS",
    "LANGUAGE_CODE",
    "LANGUAGES",
    "SITE_ID",
    "TIME_ZONE",
    "USE_I18N",
    "USE_TZ",
)
# They differ from run to run, and what matters of them is looked at apart.
_APART = ("DATABASES", "CACHES")
_HIDDEN = ("node_modules", "__pycache__")


def template_key(
    databases: Sequence[Any], *, seed: str, root: Path, versions: Iterable[int]
) -> str:
    """Return a digest of everything that decides what a template holds.

    Args:
        databases: the Django connection of each database that is made together.
        seed: "module:function", or empty.
        root: the project's folder.
        versions: those of the servers.
    """
    imported = walk(_roots(seed))
    named = sorted(imported.settings.difference(_APART))
    facts = [
        emptying.SNAPSHOT,
        date.today().isoformat(),
        [sys.version, platform.machine(), django.__version__, *_distributions()],
        list(versions),
        seed,
        [_database(connection) for connection in databases],
        {name: plain(getattr(settings, name, None)) for name in (*SETTINGS, *named)},
        {name: os.environ.get(name) for name in sorted(imported.variables)},
        [plain(cache) for cache in settings.CACHES.values() if "db.Database" in cache["BACKEND"]],
        list(_models()),
        sorted((str(path), digest) for path, digest in imported.files.items()),
        _other_files(imported, root, seed),
    ]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:24]


def plain(value: Any) -> Any:
    """Return a setting's value in a form that is the same in every process."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return sorted([str(key), plain(item)] for key, item in value.items())
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [plain(item) for item in value]
    if isinstance(value, Path | Promise):
        return str(value)
    text = repr(value)
    # The address of an object is another one in every process.
    return text if " at 0x" not in text else f"{type(value).__module__}.{type(value).__qualname__}"


def _database(connection: Any) -> list[Any]:
    entry = {key: plain(value) for key, value in connection.settings_dict.items()}
    # Where the server is and how the copies are called changes nothing inside.
    for key in ("NAME", "HOST", "PORT", "PASSWORD"):
        entry.pop(key)
    test = {key: plain(item) for key, item in connection.settings_dict["TEST"].items()}
    return [connection.alias, entry | {"TEST": test | {"NAME": None}}]


def _roots(seed: str) -> Iterator[Path]:
    for app in apps.get_app_configs():
        yield from _made_from(app)
    for router in settings.DATABASE_ROUTERS:
        yield from files_of(router if isinstance(router, str) else type(router).__module__)
    for entry in settings.DATABASES.values():
        yield from files_of(f"{entry['ENGINE']}.base")
    yield from _receivers(everything=bool(seed))
    if seed:
        yield from files_of(seed.partition(":")[0])


def _made_from(app: Any) -> Iterator[Path]:
    """Give the files of an app's migrations, or of an app that has none and yet has tables."""
    name, _ = MigrationLoader.migrations_module(app.label)
    folders = _folders(name) if name else []
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file())
    if not folders and app.models_module is not None and is_ours(Path(app.path)):
        yield from Path(app.path).rglob("*.py")


def _folders(name: str) -> list[Path]:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return []
    return [Path(place) for place in (spec and spec.submodule_search_locations) or ()]


def _receivers(*, everything: bool) -> Iterator[Path]:
    """Give the files of the project's receivers: they react to what is migrated and seeded.

    A migration's models are not the project's, so only receivers that name no sender hear of them.
    """
    for signal in _signals():
        for (_, sender), receiver, *_ in signal.receivers:
            if everything or sender == NONE_ID or signal in (pre_migrate, post_migrate):
                target = receiver() if isinstance(receiver, weakref.ref) else receiver
                file = _file_of(target)
                if file is not None and is_ours(file):
                    yield file


def _signals() -> set[Signal]:
    """Return the signals of the modules named so, which is where Django and its packages have them,
    and of the project's modules."""
    found: set[Signal] = set()
    for name, module in list(sys.modules.items()):
        space = getattr(module, "__dict__", {})
        if name.endswith("signals") or is_ours(Path(space.get("__file__") or "site-packages")):
            found |= {value for value in space.values() if isinstance(value, Signal)}
    return found


def _file_of(receiver: Any) -> Path | None:
    module = sys.modules.get(getattr(receiver, "__module__", None) or "")
    file = getattr(module, "__file__", None)
    return Path(file) if file else None


def _models() -> Iterator[list[Any]]:
    """Give what content types and permissions are made from, without any migration."""
    for model in apps.get_models(include_auto_created=True, include_swapped=True):
        meta = model._meta
        yield [
            meta.label,
            str(meta.verbose_name_raw),
            meta.db_table,
            [meta.managed, meta.proxy, meta.swapped],
            plain(meta.default_permissions),
            plain(meta.permissions),
        ]


def _distributions() -> list[str]:
    """Return the installed packages with their versions, as their folders are named."""
    found: set[str] = set()
    for place in map(Path, sys.path):
        if not is_ours(place) and place.is_dir():
            found |= {name for name in os.listdir(place) if name.endswith(("-info", ".egg-link"))}
    return sorted(found)


def _other_files(imported: Imported, root: Path, seed: str) -> list[list[Any]]:
    """Return the state of files that migrations or the seed may read, or import by a name."""
    first = {path for path in imported.imports_by_name if "migrations" in path.parts}
    first |= imported.imports_by_name & set(files_of(seed.partition(":")[0]) if seed else ())
    return [
        [str(path), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
        for path in (sorted(_tree(root)) if imported.reads_files or first else ())
        if (first if path.suffix == ".py" else imported.reads_files)
        for stat in [path.stat()]
    ]


def _tree(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = [
            name
            for name in folders
            if name[0] != "."
            and name not in _HIDDEN
            and not os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))
        ]
        yield from (Path(folder, name) for name in names if name[0] != ".")
