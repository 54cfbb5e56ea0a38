"""Marks what `init` has written, so that the next run tells it from what somebody has edited."""

import hashlib
import re

_SAYS = "Written by `quality-harness init`; edited by hand, it is left alone by the next one."
_HEADER = re.compile(rf"# {re.escape(_SAYS)} (sha256:[0-9a-f]+)\r?\n")
_END = "# Here ends what `quality-harness init` has written."


def marked_file(body: str) -> str:
    """Return the text of a file that `init` writes whole: a header with a digest, and the body."""
    return f"# {_SAYS} {_digest(body)}\n{body}"


def is_own_file(text: str) -> bool:
    """Whether a file is as `init` has written it."""
    header = _HEADER.match(text)
    return header is not None and header[1] == _digest(text[header.end() :])


def marked_block(body: str) -> str:
    """Return what `init` writes into a file of others: the body between two comments."""
    return f"{marked_file(body)}{_END}\n"


def find_block(text: str) -> tuple[int, int] | None:
    """Return where a block stands that is as `init` has written it; None where there is none."""
    header = _HEADER.search(text)
    end = text.find(_END, header.end()) if header else -1
    if header is None or end < 0 or header[1] != _digest(text[header.end() : end]):
        return None
    return header.start(), text.find("\n", end) + 1 or len(text)


def _digest(body: str) -> str:
    # git may have changed the line ends.
    plain = body.replace("\r\n", "\n")
    return f"sha256:{hashlib.sha256(plain.encode()).hexdigest()[:16]}"
