"""The admin: two factors to get in, and publishing from its list."""

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from ...factories import PASSWORD, BlogFactory, editor
from ...integration.test_admin_path import admin_at
from .visitors import BrowserTestCase

TITLES = ["About snow", "About rain", "About wind"]


class AdminTests(BrowserTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.user = editor()
        self.user.is_staff = True
        self.user.save()
        self.phone = TOTPDevice.objects.create(user=self.user, name="phone")
        for title in TITLES:
            BlogFactory(reviewed=True, title=title)
        BlogFactory(reviewed=True, title="Not chosen")

    def log_in(self, page: Page, code: str) -> None:
        """Log in as the page asks for it: first the password, then the code as well."""
        page.goto("/admin/")
        self.enter_password(page)
        expect(page.get_by_text("Please enter your OTP token")).to_be_visible()
        page.get_by_label("OTP Device").select_option(self.phone.persistent_id)
        page.get_by_label("OTP Token").fill(code)
        self.enter_password(page)

    def enter_password(self, page: Page) -> None:
        page.get_by_label("Email").fill(self.user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()

    def right_code(self) -> str:
        return f"{totp(self.phone.bin_key):06}"

    def wrong_code(self) -> str:
        right = {totp(self.phone.bin_key, drift=steps) for steps in range(-3, 4)}
        return f"{next(number for number in range(10) if number not in right):06}"

    def test_a_wrong_code_is_refused(self) -> None:
        with self.visitor() as page:
            self.log_in(page, self.wrong_code())
            expect(page.get_by_text("Invalid token")).to_be_visible()
            page.goto("/admin/blog/blog/")
            expect(page.get_by_label("Password")).to_be_visible()

    def test_three_blogs_are_published_and_everyone_reads_them(self) -> None:
        with self.visitor() as page:
            self.log_in(page, self.right_code())
            expect(
                page.get_by_role("link", name="Log out").or_(
                    page.get_by_role("button", name="Log out")
                )
            ).to_be_visible()
            page.get_by_role("link", name="Blogs", exact=True).click()
            for title in TITLES:
                page.get_by_role("row", name=title).get_by_role("checkbox").check()
            expect(page.get_by_text("3 of 4 selected")).to_be_visible()
            page.locator("select[name=action]").select_option("publish")
            page.get_by_role("button", name="Go").click()
            for title in TITLES:
                expect(page.locator("#content li", has_text=title)).to_be_visible()
            page.get_by_role("button", name="Publish").click()
            expect(page.get_by_text("3 blogs are published.")).to_be_visible()
        with self.visitor() as page:
            found = page.request.get("/v1/blogs/").json()
            self.assertCountEqual([blog["title"] for blog in found["results"]], TITLES)
            page.goto("/v1/blogs/")
            for title in TITLES:
                expect(page.locator(".response-info")).to_contain_text(title)
            expect(page.locator(".response-info")).not_to_contain_text("Not chosen")


class HoneypotTests(BrowserTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.enterContext(admin_at("back-office/"))
        self.user = editor()

    def test_nobody_gets_in_where_the_admin_is_not(self) -> None:
        with self.visitor() as page:
            page.goto("/admin/")
            page.get_by_label("Email").fill(self.user.email)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            expect(page.get_by_text("Please enter the correct email and password")).to_be_visible()
            self.assertNotIn("back-office", page.content())
            page.goto("/back-office/")
            expect(page.get_by_label("OTP Token")).to_be_visible()
