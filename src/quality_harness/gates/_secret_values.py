"""What a value says of itself: whether somebody wrote it as a word, or a machine drew it by lot."""

import re

# What stands where a secret is to be put in.
_TO_BE_REPLACED = re.compile(
    r"change[-_ ]?(?:me|this|it)|set[-_ ]?me\b|replace[-_ ]?(?:me|this|with)|placeholder"
    r"|(?:^|[-_ ])your[-_ ]|insert[-_ ]|x{4,}|\.{3}|\*{3}|^todo\b",
    re.IGNORECASE,
)
# What a developer's own machine or a test makes do with.
_FOR_DEVELOPERS = re.compile(
    r"insecure|unsafe|passw[o0]rd|example|dummy|sample|default|not[-_ ]?secret"
    r"|(?:^|[^a-z])(?:test|dev|local|fake|demo)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\$[A-Za-z_{(]|[/<{]|[.~]+/|%[({]|[\w.]+\(.*\)$"
    r"|[\w+.-]+://|arn:|ENC\[|sha\d+:|.*(?:\$\{|\{\{|\$\()"
)
# Words, and numbers among them.
_SENTENCE = re.compile(r"[\W_]*[^\W\d_][^\s\d]*(?:\s+(?:[^\s\d]+|[^\sA-Za-z]+))+")
# A word with a number before or behind it: postgres16, 2026, v2.
_WORD = re.compile(r"[A-Za-z]*\d*|\d+[A-Za-z]*")
# Names of what belongs to a secret and is none: PASSWORD_LABEL, secretName.
_KINDS = (
    *("label", "name", "title", "text", "message", "help", "hint", "placeholder", "prompt"),
    *("field", "file", "path", "dir", "url", "uri", "arn", "ref", "type", "header", "template"),
)
_ABOUT_SECRETS = re.compile(
    rf"(?i:[_-](?:{'|'.join(_KINDS)})s?)$|(?:{'|'.join(kind.title() for kind in _KINDS)})s?$"
)
_CONSTANT = re.compile(
    r"\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\s*=\s*[\"']([a-z0-9]+(?:[_-][a-z0-9]+)+)"
)


def looks_drawn(value: str) -> bool:
    """Return whether a value is more than words and numbers, and says nothing else of itself.

    Args:
        value: a text without spaces, as it stands behind the name of a secret.
    """
    if not 8 <= len(value) <= 200 or _REFERENCE.match(value):
        return False
    if _TO_BE_REPLACED.search(value) or _FOR_DEVELOPERS.search(value):
        return False
    pieces = re.split(r"[^A-Za-z0-9]+", value)
    return any(len(piece) > 5 and not _WORD.fullmatch(piece) for piece in pieces)


def is_no_secret(line: str, value: str) -> bool:
    """Return whether what was found by the name in front of it says itself that it is no secret.

    It is to be replaced (change-me), a sentence, the label or the file of a secret, or a constant
    that holds its own name, as error codes do.

    Args:
        line: the line.
        value: what stands in it and was taken for a secret.
    """
    if _TO_BE_REPLACED.search(value) or _SENTENCE.fullmatch(value.strip()):
        return True
    found = re.search(rf"([\w-]+)\W+{re.escape(value)}", line)
    name = found[1] if found else ""
    if _ABOUT_SECRETS.search(name) and not looks_drawn(value):
        return True
    constant = _CONSTANT.match(line)
    return constant is not None and constant[2].replace("-", "_") in constant[1].lower()
