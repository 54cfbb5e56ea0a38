"""Receivers that do not hear a signal for a while."""

import gc
from typing import Any

from django.db.models.signals import ModelSignal
from django.dispatch import Signal
from django.test import SimpleTestCase

from quality_harness.testing.muted_signals import muted

announced = Signal()


class Listener:
    def hear(self, **kwargs: Any) -> None:
        """Hear nothing in particular."""


class MutedTests(SimpleTestCase):
    def setUp(self) -> None:
        self.signal, self.heard = self.new_signal(), []
        for name in ("first", "second", "third"):
            self.connect(name)

    def new_signal(self, **options: Any) -> Any:
        """Return a signal that has no receivers after the test."""
        signal = ModelSignal(**options)
        # It lives as long as what is connected to it, and that as long as this test case.
        self.addCleanup(setattr, signal, "receivers", [])
        return signal

    def connect(self, name: str) -> Any:
        def receiver(**kwargs: Any) -> None:
            self.heard.append(name)

        receiver.__qualname__ = name
        setattr(self, name, receiver)
        self.signal.connect(receiver)
        return receiver

    def send(self) -> list[str]:
        """Return who hears the signal now."""
        self.heard.clear()
        self.signal.send(sender=None)
        return list(self.heard)

    def test_the_named_receiver_does_not_hear_it(self) -> None:
        with muted(self.signal, self.second):
            self.assertEqual(self.send(), ["first", "third"])

    def test_several_can_be_named(self) -> None:
        with muted(self.signal, self.third, self.first):
            self.assertEqual(self.send(), ["second"])

    def test_without_a_name_nobody_hears_it(self) -> None:
        with muted(self.signal):
            self.assertEqual(self.send(), [])

    def test_afterwards_everybody_is_back_in_the_same_place(self) -> None:
        before = list(self.signal.receivers)
        with muted(self.signal, self.first):
            self.send()
        self.assertEqual(self.signal.receivers, before)
        self.assertEqual(self.send(), ["first", "second", "third"])

    def test_they_are_back_after_an_error(self) -> None:
        with self.assertRaises(ZeroDivisionError), muted(self.signal):
            raise ZeroDivisionError
        self.assertEqual(self.send(), ["first", "second", "third"])

    def test_it_is_a_decorator(self) -> None:
        self.assertEqual(muted(self.signal, self.first)(self.send)(), ["second", "third"])
        self.assertEqual(self.send(), ["first", "second", "third"])

    def test_it_can_be_nested(self) -> None:
        with muted(self.signal, self.first), muted(self.signal, self.third):
            self.assertEqual(self.send(), ["second"])
        self.assertEqual(self.send(), ["first", "second", "third"])

    def test_a_receiver_is_known_by_its_uid(self) -> None:
        self.signal.connect(lambda **_: self.heard.append("uid"), weak=False, dispatch_uid="app.x")
        with muted(self.signal, "app.x"):
            self.assertNotIn("uid", self.send())
        self.assertIn("uid", self.send())

    def test_a_method_is_a_receiver(self) -> None:
        listener = Listener()
        self.signal.connect(listener.hear)
        with muted(self.signal, listener.hear):
            self.assertEqual(len(self.signal.receivers), 3)
        self.assertEqual(len(self.signal.receivers), 4)

    def test_a_receiver_of_two_senders_hears_neither(self) -> None:
        signal = self.new_signal()
        for sender in (int, str):
            signal.connect(self.first, sender=sender)
        with muted(signal, self.first):
            self.assertFalse(signal.has_listeners(int) or signal.has_listeners(str))
        self.assertTrue(signal.has_listeners(int) and signal.has_listeners(str))

    def test_what_is_remembered_for_a_sender_is_forgotten(self) -> None:
        signal = self.new_signal(use_caching=True)
        for receiver in (self.first, self.second):
            signal.connect(receiver)
        signal.send(sender=Listener)
        with muted(signal, self.first):
            signal.send(sender=Listener)
            self.assertEqual(self.heard, ["first", "second", "second"])
        signal.send(sender=Listener)
        self.assertEqual(self.heard[3:], ["first", "second"])

    def test_who_is_connected_meanwhile_stays(self) -> None:
        with muted(self.signal, self.first):
            self.connect("fourth")
            self.assertEqual(self.send(), ["second", "third", "fourth"])
        self.assertEqual(self.send(), ["first", "second", "third", "fourth"])

    def test_who_is_disconnected_meanwhile_stays_away(self) -> None:
        with muted(self.signal, self.first):
            self.signal.disconnect(self.second)
        self.assertEqual(self.send(), ["first", "third"])

    def test_who_is_connected_again_meanwhile_is_there_once(self) -> None:
        with muted(self.signal, self.first):
            self.signal.connect(self.first)
        self.assertEqual(self.send(), ["first", "second", "third"])

    def test_a_muted_receiver_may_die(self) -> None:
        with muted(self.signal):
            del self.first
            gc.collect()
        self.assertEqual(len(self.signal.receivers), 2)
        self.assertEqual(self.send(), ["second", "third"])

    def test_the_dead_are_not_muted(self) -> None:
        del self.first, self.second, self.third
        gc.collect()
        with self.assertRaisesMessage(LookupError, "Nothing is connected"), muted(self.signal):
            self.fail("There is nobody to mute.")

    def test_a_receiver_that_is_not_connected_is_an_error(self) -> None:
        message = (
            f"{__name__}.Listener.hear is not connected to announced. "
            f"Connected: {__name__}.first."
        )
        announced.connect(self.first)
        self.addCleanup(announced.disconnect, self.first)
        with (
            self.assertRaisesMessage(LookupError, message),
            muted(announced, self.first, Listener().hear),
        ):
            self.fail("It is not connected.")
        self.assertEqual(len(announced.receivers), 1)

    def test_an_unknown_uid_is_an_error(self) -> None:
        self.signal.connect(self.first, dispatch_uid="app.x")
        message = f"'app.y' is not connected to a signal. Connected: {__name__}.first, "
        with self.assertRaisesMessage(LookupError, message), muted(self.signal, "app.y"):
            self.fail("It is not connected.")

    def test_the_uids_are_told(self) -> None:
        self.signal.connect(self.first, dispatch_uid="app.x")
        with self.assertRaisesMessage(LookupError, "first (uid 'app.x')."), muted(self.signal, "y"):
            self.fail("It is not connected.")
