"""Finds the Chromium that the tests in this folder drive.

`python -m tests.reference_app.e2e.browser.chromium` prints where it is, or ends with 2.
"""

import os
import shutil
import sys

# Names on Linux, and where macOS keeps it.
KNOWN = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_GET_ONE = (
    "Install one (Debian, Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), "
    "or name the one you have: make e2e CHROMIUM=/path/to/chromium"
)


class NoChromium(Exception):
    """There is none, or not where the environment says; the message tells how to get one."""


def find_chromium() -> str:
    """Return the path of a Chromium: the one that CHROMIUM names, or an installed one.

    Raises:
        NoChromium: there is none.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        found = shutil.which(named)
        if found is None:
            raise NoChromium(f"CHROMIUM names {named}, which cannot be run. {HOW_TO_GET_ONE}")
        return found
    installed = filter(None, map(shutil.which, KNOWN))
    found = next(installed, None)
    if found is None:
        raise NoChromium(f"The end-to-end tests need a Chromium. {HOW_TO_GET_ONE}")
    return found


if __name__ == "__main__":
    try:
        print(find_chromium())
    except NoChromium as error:
        print(error, file=sys.stderr)
        sys.exit(2)
