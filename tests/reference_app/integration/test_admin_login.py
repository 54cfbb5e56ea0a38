"""The second factor of the admin, and the command that makes one."""

import io
from urllib.parse import parse_qs, urlsplit

from django.contrib import admin
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from freezegun import freeze_time

from accounts.models import User
from common.admin_site import SecondFactorSite

from ..factories import PASSWORD, UserFactory, staff
from ..helpers import OwnCacheTests, log_in_to_admin


def code_of(device: TOTPDevice) -> str:
    """Return what the app on the phone shows now."""
    return f"{totp(device.bin_key):06}"


class LoginTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = staff()
        cls.phone = TOTPDevice.objects.create(user=cls.user, name="phone")

    def log_in(self, code: str = "", device: str | None = None, user: User | None = None):
        form = {
            "username": (user or self.user).email,
            "password": PASSWORD,
            "otp_token": code,
            "otp_device": self.phone.persistent_id if device is None else device,
        }
        return self.client.post(reverse("admin:login"), form)

    def enters(self) -> bool:
        return self.client.get(reverse("admin:index")).status_code == 200

    def test_the_admin_is_the_one_with_a_second_factor(self) -> None:
        self.assertEqual(type(admin.site._wrapped), SecondFactorSite)

    def test_a_password_and_a_code_let_in(self) -> None:
        self.assertEqual(self.log_in(code_of(self.phone)).status_code, 302)
        self.assertTrue(self.enters())

    def test_a_code_lets_in_once(self) -> None:
        code = code_of(self.phone)
        self.log_in(code)
        self.client.logout()
        self.assertContains(self.log_in(code), "Invalid token")
        self.assertFalse(self.enters())

    def test_without_a_code_nobody_gets_in(self) -> None:
        page = self.log_in()
        self.assertContains(page, "Please enter your OTP token")
        self.assertContains(page, self.phone.persistent_id)
        self.assertFalse(self.enters())

    def test_a_wrong_code_does_not_let_in(self) -> None:
        right = {totp(self.phone.bin_key, drift=steps) for steps in range(-2, 3)}
        wrong = next(number for number in range(10) if number not in right)
        self.assertContains(self.log_in(f"{wrong:06}"), "Invalid token")
        self.assertFalse(self.enters())

    def test_after_a_wrong_code_the_right_one_has_to_wait(self) -> None:
        with freeze_time("2026-03-01 12:00:00") as clock:
            self.log_in("nonsense")
            page = self.log_in(code_of(self.phone))
            self.assertContains(page, "Verification temporarily disabled")
            self.assertFalse(self.enters())
            clock.tick(2)
            self.log_in(code_of(self.phone))
            self.assertTrue(self.enters())

    def test_a_password_alone_does_not_let_in(self) -> None:
        self.client.force_login(self.user)
        self.assertFalse(self.enters())

    def test_what_was_the_key_of_a_login_without_a_code_does_not_open_the_admin(self) -> None:
        self.client.post(
            reverse("rest_framework:login"), {"username": self.user.email, "password": PASSWORD}
        )
        earlier = self.client.session.session_key
        self.log_in(code_of(self.phone))
        self.assertTrue(self.enters())
        self.client.cookies["sessionid"] = earlier
        self.assertFalse(self.enters())

    def test_staff_without_a_device_does_not_get_in(self) -> None:
        self.assertContains(self.log_in("123456", "", staff()), "Please select a device")
        self.assertFalse(self.enters())

    def test_a_device_that_is_not_confirmed_does_not_let_in(self) -> None:
        TOTPDevice.objects.update(confirmed=False)
        self.assertContains(self.log_in(code_of(self.phone)), "Please select a device")
        self.assertFalse(self.enters())

    def test_a_device_that_is_no_longer_confirmed_ends_its_logins(self) -> None:
        self.log_in(code_of(self.phone))
        TOTPDevice.objects.update(confirmed=False)
        self.assertFalse(self.enters())

    def test_the_device_of_somebody_else_does_not_let_in(self) -> None:
        other = TOTPDevice.objects.create(user=staff(), name="phone")
        page = self.log_in(code_of(other), other.persistent_id)
        self.assertContains(page, "Please select a device")
        self.assertFalse(self.enters())

    def test_what_is_no_device_is_refused(self) -> None:
        for text in ("blog.blog/1", "nonsense", "otp_totp.totpdevice/x"):
            self.assertContains(self.log_in("123456", text), "Please select a device")

    def test_a_backup_code_lets_in_once(self) -> None:
        backup = StaticDevice.objects.create(user=self.user, name="backup")
        StaticToken.objects.create(device=backup, token="abcdefgh")
        self.log_in("abcdefgh", backup.persistent_id)
        self.assertTrue(self.enters())
        self.client.logout()
        self.log_in("abcdefgh", backup.persistent_id)
        self.assertFalse(self.enters())

    def test_who_is_no_staff_does_not_get_in_with_a_device_either(self) -> None:
        user = UserFactory()
        log_in_to_admin(self.client, user)
        self.assertFalse(self.enters())

    def test_the_secret_of_a_device_is_not_shown(self) -> None:
        user = UserFactory(is_staff=True, is_superuser=True)
        log_in_to_admin(self.client, user)
        page = self.client.get(reverse("admin:otp_totp_totpdevice_change", args=[self.phone.pk]))
        self.assertNotContains(page, self.phone.key)


class AddSecondFactorTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = staff()

    def run_command(self, email: str = "") -> list[str]:
        out = io.StringIO()
        call_command("add_second_factor", email or self.user.email, stdout=out)
        return out.getvalue().splitlines()

    def test_the_address_holds_the_secret_of_a_device_that_lets_in(self) -> None:
        lines = self.run_command()
        address = urlsplit(next(line for line in lines if line.startswith("otpauth:")))
        device = TOTPDevice.objects.get(user=self.user)
        self.assertEqual(address.geturl(), device.config_url)
        self.assertEqual(parse_qs(address.query)["issuer"], ["Blog"])
        self.assertTrue(device.confirmed)
        self.assertTrue(device.verify_token(totp(device.bin_key)))

    def test_the_qr_code_is_drawn(self) -> None:
        drawn = [line for line in self.run_command() if "\u2588" in line]
        self.assertGreater(len(drawn), 15)
        self.assertEqual(len({len(line) for line in drawn}), 1)

    def test_the_backup_codes_are_those_that_let_in(self) -> None:
        lines = self.run_command()
        tokens = StaticToken.objects.filter(device__user=self.user, device__confirmed=True)
        self.assertEqual(set(lines[-10:]), set(tokens.values_list("token", flat=True)))
        self.assertEqual(len(set(lines[-10:])), 10)

    def test_a_second_run_takes_the_place_of_the_first(self) -> None:
        other = TOTPDevice.objects.create(user=staff(), name="phone")
        self.run_command()
        before = TOTPDevice.objects.get(user=self.user)
        codes = set(StaticToken.objects.values_list("token", flat=True))
        self.run_command()
        after = TOTPDevice.objects.get(user=self.user)
        self.assertNotEqual(before.key, after.key)
        self.assertEqual(StaticToken.objects.count(), 10)
        self.assertFalse(StaticToken.objects.filter(token__in=codes).exists())
        self.assertTrue(TOTPDevice.objects.filter(pk=other.pk).exists())

    def test_the_email_is_read_in_any_case(self) -> None:
        self.run_command(self.user.email.upper())
        self.assertTrue(TOTPDevice.objects.filter(user=self.user).exists())

    def test_an_unknown_user_is_named(self) -> None:
        with self.assertRaisesMessage(CommandError, "There is no user nobody@example.com."):
            self.run_command("nobody@example.com")

    def test_who_is_no_staff_gets_none(self) -> None:
        user = UserFactory()
        with self.assertRaisesMessage(CommandError, f"{user.email} is not staff"):
            self.run_command(user.email)
        self.assertFalse(TOTPDevice.objects.exists())
