"""Takes secrets out of what leaves the app for people to read: logs and reports of errors."""

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "***"

_SECRET = (
    r"authorization|passw(?:or)?d|passphrase|secret|token|cookie|session|csrf|credential"
    r"|(?:api|private)[ _-]?key|dsn|(?:database|redis|broker|email|cache)_url"
)
_SECRET_NAME = re.compile(_SECRET, re.IGNORECASE)
# Everything up to the last @ of an address: people write passwords with any character.
_LOGIN_IN_ADDRESS = re.compile(r"(?<=://)[^\s'\"<>:@/]*:[^\s'\"<>]*@")
# A header goes on to the end of the line: `Cookie: a=b; c=d`.
_HEADER = re.compile(
    r"((?<![\w-])(?:[\w-]{1,40}[_-])?(?:authorization|cookie)[\\\"']*\s*[:=]\s*)"
    r"(\"[^\"]*\"|'[^']*'|[^\r\n]+)",
    re.IGNORECASE,
)
_PAIR = re.compile(
    rf"((?<![\w-])[\w-]{{0,40}}(?:{_SECRET})[\w-]{{0,40}}[\\\"']*\s*[:=]\s*)"
    r"(\\+\"[^\"]*\"|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s,;&})\]]+)",
    re.IGNORECASE,
)
# Header and payload of a JWT are JSON objects; signed or not, each begins with `{"`.
_JWT = re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]+(?:\.[\w-]*)*")
_SCHEME = re.compile(r"\b(Token|Bearer|Basic|JWT)\s+[\w.~+/=-]{16,}", re.IGNORECASE)


def redact_text(text: str) -> str:
    """Return a text without the secrets that can be told by their form.

    Those are a name such as `password` with its value, an Authorization or Cookie header, a token
    behind its scheme, a JWT anywhere, and the login in an address such as DATABASE_URL.
    """
    text = _LOGIN_IN_ADDRESS.sub(f"{HIDDEN}@", text)
    text = _HEADER.sub(rf"\1{HIDDEN}", text)
    text = _PAIR.sub(rf"\1{HIDDEN}", text)
    text = _JWT.sub(HIDDEN, text)
    return _SCHEME.sub(rf"\1 {HIDDEN}", text)


def redact(value: Any) -> Any:
    """Return a value as JSON has them, without secrets: by the name they stand under, by form."""
    if isinstance(value, Mapping):
        return {str(name): redact_named(str(name), part) for name, part in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact(part) for part in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redact_text(str(value))


def redact_named(name: str, value: Any) -> Any:
    """Return a value without secrets; nothing of it where its name says that it is one."""
    return HIDDEN if _SECRET_NAME.search(name) else redact(value)
