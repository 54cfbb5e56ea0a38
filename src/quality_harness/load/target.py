"""Makes sure that the right application answers before load is sent to it."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import urlsplit

from quality_harness.gate import CouldNotRun

PATIENCE = 10.0
LONGEST = 1 << 22


@dataclass(frozen=True)
class Target:
    """How the application is known.

    Attributes:
        path: a page that it has.
        contains: what only its page contains.
    """

    path: str
    contains: str


def check(host: str, target: Target) -> None:
    """Ask the host for the page that identifies the application.

    Raises:
        CouldNotRun: nobody answers, or another application does.
    """
    if urlsplit(host).scheme not in ("http", "https") or not urlsplit(host).netloc:
        raise CouldNotRun(f"{host} is no address of a host: write it as http://127.0.0.1:8000.")
    url = host.rstrip("/") + target.path
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            text = answer.read(LONGEST).decode(errors="replace")
    except urllib.error.HTTPError as error:
        error.close()
        raise CouldNotRun(
            f"{host} answers, but {target.path} with {error.code}: another application listens "
            "there, or this one is not ready. Name the right --host."
        ) from error
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise CouldNotRun(
            f"{host} cannot be reached: {reason}. Start it or mend --host."
        ) from error
    if target.contains not in text:
        raise CouldNotRun(
            f"Another application answers at {host}: {target.path} does not contain "
            f"{target.contains!r}. Name the right --host, or mend [target] in the budgets."
        )
