"""The documentation and the browsable API."""

import json

from playwright.sync_api import Page, expect

from ...factories import PASSWORD, AuthorFactory, BlogFactory
from .visitors import BrowserTestCase

FORM = "textarea[name=_content]"


class DocumentationTests(BrowserTestCase):
    def test_the_operations_are_seen_and_can_be_opened(self) -> None:
        with self.visitor() as page:
            page.goto("/v1/docs/")
            expect(page.locator(".opblock").first).to_be_visible()
            self.assertGreater(page.locator(".opblock").count(), 35)
            page.locator(".opblock-post", has_text="/v1/blogs/bulk/").click()
            expect(page.locator(".opblock.is-open")).to_contain_text("CMN0015")

    def test_an_operation_is_tried_out(self) -> None:
        BlogFactory(published=True, title="Seen from the documentation")
        with self.visitor() as page:
            page.goto("/v2/docs/")
            page.locator(".opblock-get", has_text="/v2/blogs/").click()
            page.get_by_role("button", name="Try it out").click()
            page.get_by_role("button", name="Execute").click()
            expect(page.locator(".live-responses-table")).to_contain_text(
                "Seen from the documentation"
            )


class BrowsableApiTests(BrowserTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.email = AuthorFactory().user.email

    def log_in(self, page: Page, password: str = PASSWORD) -> None:
        page.get_by_role("link", name="Log in").click()
        page.get_by_label("Email").fill(self.email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Log in").click()

    def test_a_draft_is_written_with_the_form_and_seen_by_its_author_alone(self) -> None:
        with self.visitor() as page:
            page.goto("/v1/blogs/")
            expect(page.locator(FORM)).to_have_count(0)
            self.log_in(page)
            expect(page).to_have_url(f"{self.live_server_url}/v1/blogs/")
            expect(page.get_by_text(self.email)).to_be_visible()
            page.locator(FORM).fill(json.dumps({"title": "Written by hand"}))
            page.get_by_role("button", name="POST").click()
            expect(page.get_by_text("HTTP 201 Created")).to_be_visible()
            expect(page.locator(".response-info")).to_contain_text("Written by hand")
            page.goto("/v1/blogs/?state=draft")
            expect(page.locator(".response-info")).to_contain_text("Written by hand")
            page.get_by_role("button", name="Log out").click()
            expect(page).to_have_url(f"{self.live_server_url}/session/login/")
            page.goto("/v1/blogs/")
            expect(page.locator(".response-info")).to_contain_text('"count": 0')

    def test_the_list_is_narrowed_with_the_filters(self) -> None:
        BlogFactory(published=True, title="About snow")
        BlogFactory(published=True, title="About rain")
        with self.visitor() as page:
            page.goto("/v1/blogs/")
            expect(page.locator(".response-info")).to_contain_text("About rain")
            page.get_by_role("button", name="Filters").click()
            page.get_by_label("Words of the title").fill("snow")
            page.locator("#filtersModal [type=submit]").click()
            expect(page.locator(".response-info")).to_contain_text("About snow")
            expect(page.locator(".response-info")).not_to_contain_text("About rain")

    def test_a_wrong_password_does_not_log_in(self) -> None:
        with self.visitor() as page:
            page.goto("/v1/tags/")
            self.log_in(page, "wrong")
            expect(page.get_by_text("The email or the password is wrong.")).to_be_visible()
            page.goto("/v1/tags/")
            expect(page.get_by_role("link", name="Log in")).to_be_visible()
