"""The forms in which a line may hold a secret, put as detect-secrets knows them.

It finds a password by `NAME = "VALUE"`. Where files have no quotes, where the value is a fallback
and where bytes stand for text, it finds nothing.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from functools import cache
from posixpath import basename

from quality_harness.gates._added_lines import Added
from quality_harness.gates._secret_values import looks_drawn

# Longer lines take detect-secrets minutes. No person writes them.
LONGEST = 4_000_000
# Its expressions look back and forth in a line: they are given pieces, and no secret is longer
# than what two pieces share.
_PIECE, _SHARED = 4_000, 500

# Files in which a value stands without quotes, one in a line.
_SETTINGS = (
    *("*.env", "*.env.*", "*.envrc", "*.ini", "*.cfg", "*.conf", "*.properties"),
    *("*.pypirc", "*credentials"),
)
_SETTING = re.compile(r"""\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*([^\s"'#]+)\s*(?:#.*)?""")
# Files in which it may, among other things.
_UNQUOTED = (
    *_SETTINGS,
    *("*.yml", "*.yaml", "*.sh", "*.bash", "*.mk", "makefile*", "dockerfile*"),
    *("*.dockerfile", "containerfile*"),
)
# Descriptions of APIs are full of values as examples.
_SAMPLES = ("*openapi*", "*swagger*", "*schema*")
_VALUE = re.compile(r"""([\w.-]{1,80})(?::\s+|=|\s*:=\s*)([^\s"'`,;(){}\[\]<>]++)(?![(\[{])""")

_NAMED = re.compile(r"pass|pwd|secret|key|token|contrase", re.IGNORECASE)
_QUOTED = r"""[bru]?["'](?P<value>[^"'\s]{8,200})["']"""
_FALLBACKS = (
    # env.str("NAME", default="VALUE"), os.environ.get("NAME", "VALUE")
    re.compile(
        r"(?:env|config)\w{0,20}(?:\.\w{1,20})?\(\s*[\"'](?P<name>[\w.-]{1,80})[\"']\s*,"
        rf"[\w\s.,=]{{0,80}}?{_QUOTED}",
        re.IGNORECASE,
    ),
    # os.environ["NAME"] or "VALUE", process.env.NAME || "VALUE"
    re.compile(rf"(?P<name>\w{{1,80}})[\"'\])]{{0,3}}\s*(?:\bor\b|\|\||\?\?)\s*{_QUOTED}"),
    # Env(NAME=(str, "VALUE"))
    re.compile(rf"(?P<name>\w{{1,80}})\s*=\s*\(\s*\w+\s*,\s*{_QUOTED}"),
    # NAME: str = "VALUE", NAME = SecretStr("VALUE"), NAME: str = Field(default="VALUE")
    re.compile(
        r"(?P<name>\w{1,80})\s*(?::\s*\w[\w\[\]. |]{0,60}=|=(?=\s*\w{3}))\s*"
        rf"(?:(?:\w{{0,20}}Secret\w{{0,20}}|Field)\()?(?:default\s*=\s*)?{_QUOTED}"
    ),
    # ${NAME:-VALUE}
    re.compile(r"\$\{(?P<name>\w{1,80}):?[-=](?P<value>[^}\s]{8,200})\}"),
)
_CALL = re.compile(r"(?:env|config)\w{0,20}(?:\.\w{1,20})?\(\s*", re.IGNORECASE)

_PRIVATE_KEY = "-----BEGIN PRIVATE" + " KEY-----"
# "-----BEGIN" in base64. What follows tells keys from certificates.
_PEM_ENCODED = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{26,66}")
# A sequence of a version number and a key (PKCS 1 and 8, SEC 1) or a container of keys (PKCS 12).
# Bytes that are no UTF-8 have become U+FFFD.
_DER = re.compile(r"0(?:\ufffd.{1,2}|[^\x02])\x02\x01(?:\0[0\x02]|\x01\x04|\x030)", re.DOTALL)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\ufffd]")


def is_text(line: Added) -> bool:
    """Return whether a line is one of text; one with a NUL is, where all else in it is."""
    return "\0" not in line.text or not _CONTROL.search(line.text)


def readings(lines: Sequence[Added]) -> Iterator[tuple[Added, str]]:
    """Yield each line in every form in which it may hold a secret.

    Args:
        lines: in the order of their files; lines that are too long are left out.
    """
    for index, line in enumerate(lines):
        # A length in the file's head may be the byte of a line end.
        if line.line == 1 and _DER.match("\n".join(one.text for one in lines[index : index + 2])):
            yield line, _PRIVATE_KEY
        if not is_text(line) or not line.text.strip() or len(line.text) > LONGEST:
            continue
        for piece in _pieces(line.text):
            yield from ((line, text) for text in _readings_of(line.path, piece))
        if _CALL.search(line.text[-60:]):
            yield from _over_lines(lines[index : index + 5])


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, max(len(text) - _SHARED, 1), _PIECE):
        yield text[start : start + _PIECE + _SHARED]


def _readings_of(path: str, text: str) -> Iterator[str]:
    name = basename(path).lower()
    setting = _SETTING.fullmatch(text) if _is_one_of(name, _SETTINGS) else None
    if setting:
        yield f'{setting[1]} = "{setting[2]}"'
    else:
        yield text
    if name.endswith((".ipynb", ".json")) and '\\"' in text:
        yield text.replace('\\"', '"')
    for encoded in _PEM_ENCODED.findall(text):
        decoded = base64.b64decode(encoded[: len(encoded) // 4 * 4])
        yield decoded.decode("ascii", "replace")
    yield from (_assigned(*pair) for pair in _pairs(name, text) if looks_drawn(pair[1]))


@cache
def _is_one_of(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def _pairs(file: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the names and values of a line that it does not put as `NAME = "VALUE"`."""
    if file.endswith("pgpass") and text.count(":") >= 4:
        yield "password", text.split(":", 4)[4]
    if file.endswith("netrc"):
        yield from (("password", found) for found in re.findall(r"\bpassword\s+(\S+)", text))
    if not _NAMED.search(text):
        return
    if _is_one_of(file, _UNQUOTED) and not _is_one_of(file, _SAMPLES):
        setting = _SETTING.fullmatch(text)
        yield from [(setting[1], setting[2])] if setting else _VALUE.findall(text)
    yield from _fallbacks(text)


def _fallbacks(text: str) -> Iterator[tuple[str, str]]:
    for form in _FALLBACKS:
        yield from ((match["name"], match["value"]) for match in form.finditer(text))


def _over_lines(lines: Sequence[Added]) -> Iterator[tuple[Added, str]]:
    """Yield the fallback of a call that begins at the end of a line and goes on below."""
    first = lines[0]
    follow = [
        line
        for number, line in enumerate(lines)
        if (line.path, line.commit, line.line) == (first.path, first.commit, first.line + number)
    ]
    call = "\n".join([first.text[-60:], *(line.text[:_PIECE] for line in follow[1:])])
    for name, value in _fallbacks(call):
        holder = next(line for line in follow if value in line.text)
        if holder is not first and looks_drawn(value):
            yield holder, _assigned(name, value)


def _assigned(name: str, value: str) -> str:
    # Between quotes nearly all tokens are of tests and manuals, so detect-secrets passes them over.
    kind = "_secret" if name.lower().endswith("token") else ""
    return f'{name}{kind} = "{value}"'
