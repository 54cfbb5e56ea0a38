"""People in front of a Chromium."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.testing import StaticLiveServerTestCase
from django.test import tag
from playwright.sync_api import ConsoleMessage, Page, Request, Response, expect, sync_playwright

from ...helpers import OwnCacheTests
from .chromium import find_chromium

SCREENSHOTS = settings.BASE_DIR.parent / ".quality_harness" / "screenshots"
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)


class Complaints:
    """Collects what a browser says is wrong: errors of scripts, refused and failed requests."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("requestfailed", self.miss)
        page.on("response", self.read)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.found.append(f"console: {message.text}")

    def miss(self, request: Request) -> None:
        self.found.append(f"failed: {request.method} {request.url} {request.failure}")

    def read(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.request.method} {response.url}")


@tag("slow", "browser")
class BrowserTestCase(OwnCacheTests, StaticLiveServerTestCase):
    """A test that uses the app as people do.

    Make rows before a visit: while Playwright runs, Django's ORM refuses to work in its thread.
    """

    @contextmanager
    def visitor(self) -> Iterator[Page]:
        """Open a browser of somebody who was never here before.

        Every visit has to end without a complaint of the browser, so that scripts work under the
        Content-Security-Policy. Where a visit fails, the error names a screenshot.
        """
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium())
            page = browser.new_page(base_url=self.live_server_url)
            page.set_default_timeout(PATIENCE_MS)
            complaints = Complaints(page)
            try:
                yield page
                self.assertEqual(complaints.found, [])
            except Exception as error:
                error.add_note(f"At {page.url}, see {self.screenshot(page)}; {complaints.found}")
                raise
            finally:
                browser.close()

    def screenshot(self, page: Page) -> Path:
        """Keep what the browser shows and return the path of the picture."""
        path = SCREENSHOTS / f"{self.id()}.png"
        page.screenshot(path=path, full_page=True)
        return path
