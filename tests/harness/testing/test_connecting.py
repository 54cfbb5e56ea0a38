import textwrap
import unittest

from quality_harness.testing.connecting import connecting_places


def places(source: str) -> list[tuple[int, str, bool]]:
    """Return line, receiver and whether importing connects it."""
    found = connecting_places("shop/receivers.py", textwrap.dedent(source).lstrip("\n"))
    return [(one.line, one.receiver, one.on_import) for one in found]


class ConnectingTests(unittest.TestCase):
    def test_decorators_of_django_and_of_signals(self) -> None:
        source = """
            from django.dispatch import receiver
            from celery.signals import task_prerun
            from shop import signals

            @receiver(post_save, sender=Order)
            def one(**kwargs): ...

            @task_prerun.connect(dispatch_uid="two")
            async def two(**kwargs): ...

            @signals.paid.connect
            def three(**kwargs): ...
        """
        self.assertEqual(places(source), [(5, "one", True), (8, "two", True), (11, "three", True)])

    def test_calls_of_signals_by_what_they_are_called(self) -> None:
        source = """
            from django.db.models.signals import post_save as saved
            from django.dispatch import Signal
            paid = Signal()
            saved.connect(one, sender=Order)
            paid.connect(receiver=handlers.two)
            class Registry:
                paid.connect(three)
        """
        self.assertEqual(places(source), [(4, "one", True), (5, "two", True), (7, "three", True)])

    def test_what_ready_connects(self) -> None:
        source = """
            from django.db.models.signals import post_save
            class ShopConfig(AppConfig):
                def ready(self):
                    post_save.connect(one)
        """
        self.assertEqual(places(source), [(4, "one", False)])

    def test_what_is_no_signal_or_runs_when_somebody_calls_it_is_left_out(self) -> None:
        source = """
            import sqlite3
            from django.db.models.signals import post_save
            base, names = make(), [receiver]
            base.connect(one)
            sqlite3.connect(two)
            connect(three)
            make().connect(four)
            post_save.connect(lambda **kwargs: None)
            post_save.connect()
            post_save.disconnect(five)
            connection = base.connect(six)
            @receiver
            def seven(**kwargs): ...
            def later():
                post_save.connect(eight)
        """
        self.assertEqual(places(source), [])

    def test_a_file_that_names_neither_is_not_even_read(self) -> None:
        self.assertEqual(places("def ("), [])
        with self.assertRaises(SyntaxError):
            places("receiver (")
