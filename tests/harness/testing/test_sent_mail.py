"""Assertions about mails."""

import warnings

from django.core import mail
from django.core.mail import EmailMessage, send_mail
from django.test import SimpleTestCase, override_settings

from quality_harness.testing.sent_mail import assert_mailed, assert_mailed_to, assert_nothing_mailed

DUMMY = "django.core.mail.backends.dummy.EmailBackend"
LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
ANN, BEA = "ann@example.com", "bea@example.com"


class SentMailTests(SimpleTestCase):
    def send(self, *to: str, subject: str = "Hello", body: str = "A text.") -> None:
        send_mail(subject, body, None, to)

    def test_the_mail_to_an_address_is_returned(self) -> None:
        self.send(ANN, subject="One")
        self.send(BEA, subject="Two")
        self.assertEqual(assert_mailed(BEA).subject, "Two")

    def test_one_mail_of_several_is_told_by_its_subject_and_text(self) -> None:
        for subject in ("One", "Two"):
            for body in ("first", "second"):
                self.send(ANN, subject=subject, body=body)
        letter = assert_mailed(ANN, subject="Two", body="first")
        self.assertEqual((letter.subject, letter.body), ("Two", "first"))

    def test_copies_count(self) -> None:
        EmailMessage("Hello", "Text", to=[ANN], bcc=[BEA]).send()
        self.assertIs(assert_mailed(BEA), mail.outbox[0])

    def test_a_missing_mail_fails_and_shows_what_was_sent(self) -> None:
        self.send(ANN, BEA, body="Dear all,\n" + "x" * 80)
        message = (
            "No mail(s) to cleo@example.com, 'Bye' in its subject; one is expected.\nSent:\n"
            "  to ann@example.com, bea@example.com: 'Hello', 'Dear all, " + "x" * 47 + "...'"
        )
        with self.assertRaisesMessage(AssertionError, message):
            assert_mailed("cleo@example.com", subject="Bye")

    def test_another_text_fails(self) -> None:
        self.send(ANN)
        with self.assertRaisesMessage(AssertionError, "'secret' in its body"):
            assert_mailed(ANN, body="secret")

    def test_a_second_mail_fails(self) -> None:
        self.send(ANN)
        self.send(ANN)
        with self.assertRaisesMessage(AssertionError, "2 mail(s) to ann@example.com; one is"):
            assert_mailed(ANN)

    def test_all_recipients_in_any_order(self) -> None:
        self.send(ANN)
        self.send(BEA)
        self.assertIsNone(assert_mailed_to(BEA, ANN))

    def test_too_few_and_too_many_are_named(self) -> None:
        self.send(ANN)
        self.send(ANN)
        message = (
            "Mails went to others than expected.\n  without a mail: bea@example.com\n"
            "  not expected:   ann@example.com\nSent:\n"
        )
        with self.assertRaisesMessage(AssertionError, message):
            assert_mailed_to(ANN, BEA)

    def test_nothing_is_nothing(self) -> None:
        self.assertIsNone(assert_nothing_mailed())
        with self.assertRaisesMessage(AssertionError, "Nothing was sent."):
            assert_mailed_to(ANN)

    def test_a_mail_is_not_nothing(self) -> None:
        self.send(ANN)
        with self.assertRaisesMessage(AssertionError, "not expected:   ann@example.com"):
            assert_nothing_mailed()

    @override_settings(EMAIL_BACKEND=DUMMY)
    def test_a_backend_that_captures_nothing_proves_nothing(self) -> None:
        with self.assertRaisesMessage(AssertionError, "dummy.EmailBackend, which leaves no mail"):
            assert_nothing_mailed()

    @override_settings(MAILERS={"default": {"BACKEND": LOCMEM}, "bulk": {"BACKEND": LOCMEM}})
    def test_mailers_that_capture_prove_it(self) -> None:
        mail.outbox.append(EmailMessage("Hello", "Text", to=[ANN]))
        self.assertEqual(assert_mailed(ANN).subject, "Hello")

    @override_settings(MAILERS={"default": {"BACKEND": LOCMEM}, "bulk": {"BACKEND": DUMMY}})
    def test_each_mailer_has_to_capture(self) -> None:
        with self.assertRaisesMessage(AssertionError, f"MAILERS['bulk']['BACKEND'] is {DUMMY}, "):
            assert_nothing_mailed()

    @override_settings(MAILERS={"default": {}})
    def test_a_mailer_without_a_backend_sends(self) -> None:
        with self.assertRaisesMessage(AssertionError, "smtp.EmailBackend, which leaves no mail"):
            assert_nothing_mailed()

    def test_asking_for_the_backend_is_no_use_of_an_old_setting(self) -> None:
        with warnings.catch_warnings(action="error"):
            self.assertIsNone(assert_nothing_mailed())
