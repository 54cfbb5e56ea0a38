"""Reads the migrations that the migration gate is measured by (migration_samples/README.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "migration_samples"
AREAS = ("data-loss", "old-code", "reversal", "lock", "history", "unresolved")

SECTION = re.compile(r"^=== (base|head|deleted) (\S+)\n", re.MULTILINE)
FIELD = re.compile(r"(Why|Expect|Static|Runs): (.*)")


class BadSample(ValueError):
    """A sample's text does not keep to the format."""


@dataclass(frozen=True)
class Sample:
    """A change of a project's migrations, and what it does to a running deployment.

    Attributes:
        name: "destructive/<category>/<name>" or "harmless/<category>/<name>".
        why: what breaks, or why nothing does.
        expect: the area in which a destructive one breaks, of AREAS; "" for a harmless one.
        static: why the source alone cannot show it; "" where it can.
        runs: why `migrate` fails on the head; "" where it succeeds.
        base: the files of the base, by path.
        head: the files that the change adds or rewrites.
        deleted: the files that the change deletes.
    """

    name: str
    why: str
    expect: str
    static: str
    runs: str
    base: Mapping[str, str]
    head: Mapping[str, str]
    deleted: tuple[str, ...]

    @property
    def destructive(self) -> bool:
        """Whether a gate has to find something."""
        return self.name.startswith("destructive/")

    @property
    def category(self) -> str:
        """The folder, the same for a fault and its look-alike."""
        return self.name.split("/")[1]

    @property
    def after(self) -> dict[str, str]:
        """All files as the change leaves them."""
        files = {**self.base, **self.head}
        return {path: text for path, text in files.items() if path not in self.deleted}

    @property
    def migration_modules(self) -> dict[str, str]:
        """Each app's package of migrations, as Django's MIGRATION_MODULES wants it."""
        folders = (path.split("/") for path in self.base if path.endswith("/0001_initial.py"))
        return {app: f"{app}.{folder}" for app, folder, _ in folders}

    @property
    def installed_apps(self) -> list[str]:
        """INSTALLED_APPS for these files."""
        apps = sorted(self.migration_modules)
        if any("AUTH_USER_MODEL" in text for text in self.after.values()):
            apps += ["django.contrib.contenttypes", "django.contrib.auth"]
        return apps


def read_samples(folder: Path = FOLDER) -> list[Sample]:
    """Return the samples of a folder in the order of their names.

    Raises:
        BadSample: a file does not keep to the format.
    """
    files = sorted(folder.glob("*/*/*.txt"))
    return [
        parse(file.relative_to(folder).with_suffix("").as_posix(), file.read_text(encoding="utf-8"))
        for file in files
    ]


def parse(name: str, text: str) -> Sample:
    """Return the sample that `text` describes.

    Raises:
        BadSample: it does not keep to the format.
    """
    header, *sections = SECTION.split(text)
    fields = _read_header(header)
    files: dict[str, dict[str, str]] = {"base": {}, "head": {}, "deleted": {}}
    for kind, path, content in zip(sections[::3], sections[1::3], sections[2::3], strict=True):
        if path in files[kind]:
            raise BadSample(f"{name}: {path} stands under {kind} twice.")
        files[kind][path] = content.strip("\n") + "\n"
    sample = Sample(
        name=name,
        why=fields.get("Why", ""),
        expect=fields.get("Expect", ""),
        static=fields.get("Static", "").removeprefix("no, "),
        runs=fields.get("Runs", "").removeprefix("no, "),
        base=files["base"],
        head=files["head"],
        deleted=tuple(files["deleted"]),
    )
    _check(sample)
    return sample


def _read_header(header: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in header.splitlines():
        text = line.removeprefix("#").strip()
        if match := FIELD.match(text):
            key, text = match.groups()
        if key:
            fields[key] = f"{fields.get(key, '')} {text}".strip()
    return fields


def _check(sample: Sample) -> None:
    if not sample.why:
        raise BadSample(f"{sample.name}: the header has no `# Why:`.")
    if sample.destructive and sample.expect not in AREAS:
        raise BadSample(f"{sample.name}: `# Expect:` is none of {', '.join(AREAS)}.")
    if not sample.destructive and sample.expect:
        raise BadSample(f"{sample.name}: a harmless sample has no `# Expect:`.")
    if not sample.migration_modules:
        raise BadSample(f"{sample.name}: the base has no <app>/<folder>/0001_initial.py.")
    if not sample.head and not sample.deleted:
        raise BadSample(f"{sample.name}: nothing is changed.")
    for path in sample.deleted:
        if path not in sample.base:
            raise BadSample(f"{sample.name}: {path} is deleted and not on the base.")
