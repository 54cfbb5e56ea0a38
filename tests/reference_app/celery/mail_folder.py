"""Mail that goes into a folder, one file each, so that another process can count it.

While the folder has a file `hold`, a mail to the address in it is not taken: the file `held` gets
the process that waits there.
"""

import os
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage


class FolderBackend(BaseEmailBackend):
    """A mail server that keeps what it takes."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        for message in messages:
            _wait_if_held(folder, message.to[0])
            _write(folder / f"{uuid4()}.mail", message.to[0])
        return len(messages)


def taken(folder: Path) -> Counter[str]:
    """Return how many mails each address has got."""
    return Counter(file.read_text() for file in folder.glob("*.mail"))


def _wait_if_held(folder: Path, address: str) -> None:
    hold = folder / "hold"
    if hold.exists() and hold.read_text() == address:
        _write(folder / "held", str(os.getpid()))
        time.sleep(30)


def _write(file: Path, text: str) -> None:
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.rename(file)
