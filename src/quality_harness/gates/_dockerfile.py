"""Reads the instructions of a Dockerfile, each with the lines that it goes on for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPE = re.compile(r"#\s*escape\s*=\s*(\S)", re.IGNORECASE)
# `RUN <<EOF` and `COPY <<-"EOF" to`: what follows is a text, up to a line with that word.
_HEREDOC = re.compile(r"(?:^|\s)\d*<<(-?)([\"']?)(\w+)\2(?=\s|$)")
_WITH_TEXTS = ("RUN", "COPY", "ADD")


@dataclass(frozen=True)
class Instruction:
    """One instruction.

    Attributes:
        line: where it begins.
        keyword: such as "FROM", in capitals.
        text: what follows the keyword, in one line.
    """

    line: int
    keyword: str
    text: str


def instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile; the texts that it holds are passed over."""
    lines = enumerate(text.splitlines(), start=1)
    found = _ESCAPE.match(text)
    escape = found[1] if found else "\\"
    for number, line in lines:
        if not _says(line):
            continue
        parts = [line.strip()]
        while parts[-1].endswith(escape):
            parts[-1] = parts[-1].removesuffix(escape)
            # Comments and empty lines between the parts are no parts.
            following = next((more for _, more in lines if _says(more)), "")
            parts.append(following.strip())
        keyword, _, rest = " ".join(parts).replace("\t", " ").partition(" ")
        yield Instruction(number, keyword.upper(), rest.strip())
        for indented, _, end in _HEREDOC.findall(rest) if keyword.upper() in _WITH_TEXTS else ():
            for _, inside in lines:
                if (inside.lstrip("\t") if indented else inside) == end:
                    break


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
