"""Which functions, views, triggers, indexes and the like SQL makes, changes and drops.

Tables and columns, which hold rows, are the matter of `sql_kept`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from quality_harness.migrations.hole import HOLE
from quality_harness.migrations.sql.names import at, commas, in_parentheses, name_of, plain
from quality_harness.migrations.sql.tokens import Word, statements

_KINDS = {"VIEW", "FUNCTION", "PROCEDURE", "AGGREGATE", "TRIGGER", "TYPE", "DOMAIN", "SEQUENCE",
          "SCHEMA", "EXTENSION", "INDEX", "POLICY", "RULE", "COLLATION"}  # fmt: skip
# What belongs to a table and goes with it.
_OF_TABLE = {"TRIGGER", "INDEX", "POLICY", "RULE"}
_BEFORE_KIND = {"OR", "REPLACE", "TEMP", "TEMPORARY", "RECURSIVE", "MATERIALIZED", "UNIQUE",
                "CONSTRAINT"}  # fmt: skip
_STATEMENTS = {"CREATE", "ALTER", "DROP", "DO", "EXECUTE"}
_PASSING = {"TEMP", "TEMPORARY"}
# What ALTER TABLE adds or drops without a name, or is no matter of a column's.
_WITHOUT_NAME = {"CHECK", "UNIQUE", "PRIMARY", "FOREIGN", "EXCLUDE"}
_LONGEST_NAME = 63
_HOLD_ROWS = ("table ", "column ")
# Text without any of these makes and drops nothing of it, and telling so takes no tokenizer.
_IN_QUESTION = re.compile(
    r"\b(table|view|function|procedure|aggregate|trigger|type|domain|sequence|schema|extension"
    r"|index|policy|rule|collation)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Thing:
    """What one statement makes.

    Attributes:
        name: its kind and its plain name, such as "view shop_sales".
        table: the table that it belongs to; empty for what stands by itself.
        columns: for an index, what it is about.
        replaces: whether it takes the place of what had its name.
        fails_again: whether making it once more fails.
        words: those of its statement, behind its name.
    """

    name: str
    table: str = ""
    columns: tuple[str, ...] = ()
    replaces: bool = False
    fails_again: bool = True
    words: Sequence[Word] = ()

    @property
    def uses(self) -> set[str]:
        """The names that its statement says; of tables that a table refers to, "table x"."""
        return {*map(_said, self.words), *_referred_to(self.words)}

    def __str__(self) -> str:
        """Return it as a message names it: "index title of blog_post (title)"."""
        of_table = f" of {self.table}" if self.table else ""
        return f"{self.name}{of_table}" + (f" ({', '.join(self.columns)})" if self.columns else "")


@dataclass(frozen=True)
class Things:
    """What the texts of one direction do.

    Attributes:
        made: what they make and do not drop again, by name.
        dropped: the names of what they drop or make anew.
        told: whether that is all, and nothing is put together at run time.
    """

    made: Mapping[str, Thing]
    dropped: frozenset[str]
    told: bool

    def left_behind(self, back: "Things") -> tuple[str, ...]:
        """Return what the way back does not drop, and making it once more fails."""
        return tuple(
            str(each)
            for each in self.made.values()
            if each.fails_again
            and back.told
            and not back.dropped & {each.name, f"table {each.table}"}
            and not each.name.startswith(_HOLD_ROWS)
        )

    def changed_for_good(self, back: "Things") -> tuple[str, ...]:
        """Return what is dropped or made anew, and the way back does not make again."""
        return tuple(
            name
            for name in sorted(self.dropped if back.told else ())
            if name not in back.made and not name.startswith(_HOLD_ROWS)
        )


def things(texts: Sequence[str]) -> Things:
    """Return what the texts of SQL that are run in one direction make and drop."""
    made: dict[str, Thing] = {}
    dropped: set[str] = set()
    told = not any(HOLE in text for text in texts)
    for words in _words(texts):
        for name in _dropped(words):
            made.pop(name, None)
            dropped.add(name)
        for thing in _made(words):
            made[thing.name] = replace(
                thing, fails_again=thing.fails_again and thing.name not in dropped
            )
            dropped.update([thing.name] if thing.replaces else ())
        for name in _made_a_constraint(words):
            made.pop(name, None)
            dropped.add(name)
        for old, new in _renamed(words):
            if old in made:
                made[new] = replace(made.pop(old), name=new)
        told = told and not _is_untold(words)
    return Things(made, frozenset(dropped), told)


def blocked(forward: Things, back: Iterable[str]) -> tuple[str, str] | None:
    """Return what the way back drops too early, and what still needs it then.

    Args:
        forward: what was made.
        back: the texts that drop it.
    """
    there = dict(forward.made)
    for words in _words(back):
        if _is_untold(words):
            return None
        gone = [there.pop(name) for name in _dropped(words) if name in there]
        for thing in gone:
            for other in there.values():
                if _needs(other, thing):
                    return thing.name, other.name
    return None


def _needs(other: Thing, thing: Thing) -> bool:
    """Return whether one thing hinders that another one is dropped."""
    kind, _, name = thing.name.partition(" ")
    if kind not in ("table", "view"):
        return name in other.uses
    if other.name.startswith("table "):
        return thing.name in other.uses
    # A table or view takes its triggers and indexes along.
    return name in other.uses and other.table != name


def _words(texts: Iterable[str]) -> Iterator[list[Word]]:
    for text in texts:
        for words in statements(text) if _IN_QUESTION.search(text) is not None else ():
            if words[0].upper in _STATEMENTS:
                yield words


def _made(words: list[Word]) -> Iterator[Thing]:
    if words[0].upper == "CREATE":
        thing = _created(words)
        yield from [] if thing is None else [thing]
        return
    for table, kind, action in _actions(words):
        verb, is_typed = at(action, 0), any(word.upper == "TYPE" for word in action[:5])
        if verb == "ADD" or (verb == "ALTER" and is_typed):
            name = _name(table, kind, action)
            yield Thing(
                name, table, fails_again="IF" not in (at(action, 1), at(action, 2)), words=action
            )


def _actions(words: list[Word]) -> Iterator[tuple[str, str, list[Word]]]:
    """Give what ALTER TABLE does to columns and named constraints: the table, of what, and how."""
    if words[0].upper == "ALTER" and at(words, 1) == "TABLE":
        table, rest = name_of(words[2:])
        for action in commas(rest):
            if at(action, 1) not in _WITHOUT_NAME:
                kind = "constraint" if at(action, 1) == "CONSTRAINT" else "column"
                yield plain(table).rpartition(".")[2], kind, action


def _name(table: str, kind: str, action: list[Word]) -> str:
    has_word = at(action, 1) in ("COLUMN", "CONSTRAINT")
    name = plain(name_of(action[2:] if has_word else action[1:])[0])
    return f"column {table}.{name}" if kind == "column" else f"{kind} {name}"


def _created(words: list[Word]) -> Thing | None:
    index = 1
    while at(words, index) in _BEFORE_KIND:
        index += 1
    before = {word.upper for word in words[1:index]}
    kind, rest = at(words, index), words[index + 1 :]
    name, after = name_of(rest)
    bare = plain(name).rpartition(".")[2]
    if before & _PASSING or HOLE in name or "…" in name or bare == "on":
        return None
    replaces = "REPLACE" in before
    fails_again = not replaces and "IF" not in (at(rest, 0), at(rest, 1))
    if kind == "TABLE":
        return Thing(f"table {bare}", words=after)
    if kind not in _KINDS:
        return None
    of = _table_of(after) if kind in _OF_TABLE else ("", ())
    columns = of[1] if kind == "INDEX" else ()
    return Thing(f"{kind.lower()} {bare}", of[0], columns, replaces, fails_again, after)


def _said(word: Word) -> str:
    """Return the name that a word may be; of a sequence it stands in quotes."""
    if word.literal is None:
        return plain(word.text)
    return plain(word.literal) if len(word.literal) <= _LONGEST_NAME else ""


def _table_of(after: list[Word]) -> tuple[str, tuple[str, ...]]:
    uppers = [word.upper for word in after]
    words = {"ON", "TO"} & set(uppers)
    if not words:
        return "", ()
    # A rule is made AS ON event TO table.
    word = "TO" if at(after, 0) == "AS" and "TO" in words else "ON"
    table, rest = name_of(after[uppers.index(word) + 1 :])
    return plain(table).rpartition(".")[2], in_parentheses(rest)


def _referred_to(after: Sequence[Word]) -> Iterator[str]:
    """Give the tables that a new one refers to."""
    uppers = [word.upper for word in after]
    for index, upper in enumerate(uppers):
        if upper in ("REFERENCES", "INHERITS"):
            start = index + 2 if upper == "INHERITS" else index + 1
            yield f"table {plain(name_of([*after[start:]])[0]).rpartition('.')[2]}"


def _dropped(words: list[Word]) -> Iterator[str]:
    for table, kind, action in _actions(words):
        if at(action, 0) in ("DROP", "ALTER"):
            yield _name(table, kind, action)
    if words[0].upper != "DROP":
        return
    rest = words[2:] if at(words, 1) in ("MATERIALIZED", "FOREIGN") else words[1:]
    kind = at(rest, 0)
    for part in commas(rest[1:]) if kind == "TABLE" or kind in _KINDS else ():
        yield f"{kind.lower()} {plain(name_of(part)[0]).rpartition('.')[2]}"


def _made_a_constraint(words: list[Word]) -> Iterator[str]:
    """Give the index that becomes a constraint, and goes by the constraint's name then."""
    for place, word in enumerate(words if at(words, 1) == "TABLE" else ()):
        if word.upper == "USING" and at(words, place + 1) == "INDEX":
            yield f"index {plain(name_of(words[place + 2 :])[0])}"


def _renamed(words: list[Word]) -> Iterator[tuple[str, str]]:
    if words[0].upper != "ALTER":
        return
    kind = at(words, 1)
    old, action = name_of(words[2:])
    if kind == "TABLE" and [at(action, 0), at(action, 1)] == ["RENAME", "CONSTRAINT"]:
        kind, (old, action) = "CONSTRAINT", name_of(action[2:])
        action = [Word("RENAME", "RENAME"), *action]
    if kind in {*_KINDS, "CONSTRAINT"} and [at(action, 0), at(action, 1)] == ["RENAME", "TO"]:
        names = [plain(name).rpartition(".")[2] for name in (old, name_of(action[2:])[0])]
        yield f"{kind.lower()} {names[0]}", f"{kind.lower()} {names[1]}"


def _is_untold(words: list[Word]) -> bool:
    """Return whether a statement may drop what it does not name."""
    if words[0].upper in ("DROP", "ALTER"):
        return at(words, 1) in ("OWNED", "SCHEMA") or any(w.upper == "CASCADE" for w in words)
    return words[0].upper in ("DO", "EXECUTE")
