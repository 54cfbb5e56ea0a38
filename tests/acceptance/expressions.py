"""GitHub's expressions, `${{ ... }}`, as far as workflows here use them; anything else is refused.

https://docs.github.com/actions/reference/evaluate-expressions-in-workflows-and-actions
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.machine import Refused

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>\|\||&&|==|!=|<=|>=|[!<>().,*\[\]]))"
)
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS = ("always", "success", "failure", "cancelled")


class _Each(list[Any]):
    """What `needs.*` gives: a property of it is that of each."""


@dataclass
class Context:
    """What expressions can name.

    Attributes:
        values: the contexts by their names, such as `github` and `needs`.
        succeeded: whether all that came before has; what `success()` says.
        cancelled: whether the run was cancelled.
    """

    values: Mapping[str, Any]
    succeeded: bool = True
    cancelled: bool = False
    functions: Mapping[str, Callable[..., Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.functions = {
            "always": lambda: True,
            "success": lambda: self.succeeded and not self.cancelled,
            "failure": lambda: not self.succeeded and not self.cancelled,
            "cancelled": lambda: self.cancelled,
            "contains": _contains,
            "startsWith": lambda whole, start: as_text(whole).lower().startswith(start.lower()),
            "endsWith": lambda whole, end: as_text(whole).lower().endswith(end.lower()),
            "join": lambda parts, by=",": by.join(map(as_text, parts)),
            "format": lambda form, *given: re.sub(
                r"\{(\d+)\}", lambda match: as_text(given[int(match[1])]), form
            ),
            "toJSON": lambda value: json.dumps(value, indent=2),
            "fromJSON": json.loads,
        }


def fill(text: str, context: Context) -> str:
    """Return a text with each of its expressions replaced by its value.

    Raises:
        Refused: an expression that is not understood.
    """
    return _EXPRESSION.sub(lambda match: as_text(evaluate(match[1], context)), text)


def value_of(text: str, context: Context) -> Any:
    """Return the value of a text that is one expression, else the text, filled."""
    whole = _EXPRESSION.fullmatch(text.strip())
    return evaluate(whole[1], context) if whole else fill(text, context)


def condition(text: object, context: Context) -> bool:
    """Return whether an `if:` holds; without a status function it also asks for success."""
    source = str(text).strip()
    whole = _EXPRESSION.fullmatch(source)
    source = whole[1] if whole else source
    if "${{" in source:
        raise Refused(f"if: {text}: a mixture of text and expressions is always true")
    holds = bool(evaluate(source, context))
    named = re.findall(r"\b(\w+)\s*\(", re.sub(r"'[^']*'", "", source))
    return holds and (bool(set(named) & set(_STATUS)) or context.functions["success"]())


def evaluate(source: str, context: Context) -> Any:
    """Return the value of an expression, without its `${{ }}`."""
    return _Reader(source, context).whole()


def as_text(value: Any) -> str:
    """Return a value as GitHub writes it into a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (dict, list)):
        raise Refused(f"{type(value).__name__} in a text")
    return str(value)


def _contains(whole: Any, part: Any) -> bool:
    if isinstance(whole, list):
        return part in whole
    return as_text(part).lower() in as_text(whole).lower()


class _Reader:
    """Reads one expression from left to right. Both sides of `&&` and `||` are evaluated."""

    def __init__(self, source: str, context: Context) -> None:
        self.source, self.context = source, context
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while source[place:].strip():
            match = _TOKEN.match(source, place)
            if match is None:
                raise Refused(f"the expression '{source.strip()}' at '{source[place:].strip()}'")
            self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            place = match.end()
        self.tokens.reverse()

    def whole(self) -> Any:
        value = self._or()
        if self.tokens:
            raise self._refused()
        return value

    def _refused(self) -> Refused:
        rest = " ".join(text for _, text in reversed(self.tokens))
        return Refused(f"the expression '{self.source.strip()}' at '{rest or 'its end'}'")

    def _take(self, *signs: str) -> str:
        """Take the next token if it is one of the signs; return it, or an empty string."""
        if self.tokens and self.tokens[-1][0] == "sign" and self.tokens[-1][1] in signs:
            return self.tokens.pop()[1]
        return ""

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise self._refused()

    def _or(self) -> Any:
        value = self._and()
        while self._take("||"):
            other = self._and()
            value = value or other
        return value

    def _and(self) -> Any:
        value = self._compared()
        while self._take("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> Any:
        value = self._unary()
        while sign := self._take("==", "!="):
            other = self._unary()
            value = (_plain(value) == _plain(other)) is (sign == "==")
        return value

    def _unary(self) -> Any:
        if self._take("!"):
            return not self._unary()
        if self._take("("):
            value = self._or()
            self._need(")")
            return value
        if not self.tokens:
            raise self._refused()
        kind, text = self.tokens[-1]
        if kind == "sign":
            raise self._refused()
        self.tokens.pop()
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text) if "." in text else int(text)
        return self._named(text)

    def _named(self, name: str) -> Any:
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        if self._take("("):
            return self._called(name)
        if name not in self.context.values:
            self.tokens.append(("name", name))
            raise self._refused()
        return self._properties(self.context.values[name], name)

    def _called(self, name: str) -> Any:
        if name not in self.context.functions:
            raise Refused(f"the expression '{self.source.strip()}': no function {name}()")
        given = []
        if not self._take(")"):
            given.append(self._or())
            while self._take(","):
                given.append(self._or())
            self._need(")")
        return self.context.functions[name](*given)

    def _properties(self, value: Any, path: str) -> Any:
        while self._take("."):
            if self._take("*"):
                value = _Each(value.values() if isinstance(value, dict) else value)
                continue
            if not self.tokens or self.tokens[-1][0] != "name":
                raise self._refused()
            key = self.tokens.pop()[1]
            if isinstance(value, _Each):
                value = [self._property(one, key, path) for one in value]
            else:
                value = self._property(value, key, path)
            path = f"{path}.{key}"
        return value

    def _property(self, value: Any, key: str, path: str) -> Any:
        if not isinstance(value, Mapping):
            raise Refused(f"the expression '{self.source.strip()}': {path} has no {key}")
        # GitHub gives nothing for what is not there. Where only some are known, that is refused.
        if key not in value and path in (
            "github",
            "runner",
            "strategy",
            "steps",
            "needs",
            "matrix",
        ):
            raise Refused(f"the expression '{self.source.strip()}': {path} has no {key}")
        return value.get(key)


def _plain(value: Any) -> Any:
    """Return a value for comparison: texts are equal whatever their case."""
    return value.lower() if isinstance(value, str) else value
