"""What the probe's child process tells its parent: plain values, as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Evidence:
    """One thing that was seen on the database.

    Attributes:
        code: of the probe's rule.
        model: the old model's label, such as blog.Blog; empty where there is none.
        field: the old model's field, or empty.
        says: what happened, with PostgreSQL's own words.
        statement: the SQL during which it happened, or empty.
        operation: the index of the migration's operation; -1 where it is none's.
        kind: the operation's class, such as RunPython.
        verb: what the old code fails at, or empty.
        minor: an error of the rule weighs as a warning here.
        informs: nothing is wrong, and it weighs as information.
        reason: PostgreSQL's code of what the old code fails with, or empty.
    """

    code: str
    says: str
    model: str = ""
    field: str = ""
    statement: str = ""
    operation: int = -1
    kind: str = ""
    verb: str = ""
    minor: bool = False
    informs: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Proof:
    """What the probe has to say about one migration.

    Attributes:
        path: the migration's file, relative to the root.
        evidence: what was seen.
        complete: rows of every model concerned were made, and all was tried on them.
        matched: statements that change rows met some; False where one met none.
        seconds: the time that it took.
        tables: those that held rows.
    """

    path: str
    evidence: tuple[Evidence, ...] = ()
    complete: bool = True
    matched: bool | None = None
    seconds: float = 0.0
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What a run of the probe says.

    Attributes:
        proofs: one for each migration that was to be proved.
        problem: why the probe could not run, or empty.
        seconds: of the whole, without the start of the process.
    """

    proofs: tuple[Proof, ...] = ()
    problem: str = ""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Answer":
        """Return what `to_json` was made of."""
        proofs = tuple(
            _filled(Proof, one, evidence=tuple(_filled(Evidence, each) for each in one["evidence"]))
            for one in document["proofs"]
        )
        return _filled(cls, document, proofs=proofs)


def _filled(kind: type[_Value], document: Mapping[str, Any], **more: Any) -> _Value:
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: document[name] for name in known} | more)


@dataclass(frozen=True)
class Wish:
    """What the child is asked to do.

    Attributes:
        root: the project's root, absolute.
        url: the PostgreSQL server.
        judged: the migrations to prove, relative to the root.
        together: they reach every database in one release; else each is a release of its own.
        installed: INSTALLED_APPS of a tree without settings; empty where there are settings.
        modules: its MIGRATION_MODULES.
        database: one that the probe has made and that is emptied first; empty to make one.
        edited: the texts on the base of the migrations that are edited, by path.
    """

    root: str
    url: str
    judged: tuple[str, ...] = ()
    together: bool = True
    installed: tuple[str, ...] = ()
    modules: Mapping[str, str] = field(default_factory=dict)
    database: str = ""
    edited: Mapping[str, str] = field(default_factory=dict)
