"""The Chromium that is found, without starting it."""

import os
import sys
from unittest import mock

from django.test import SimpleTestCase

from . import chromium


class FindChromiumTests(SimpleTestCase):
    def find(self, *known: str, named: str = "") -> str:
        with (
            mock.patch.object(chromium, "KNOWN", known),
            mock.patch.dict(os.environ, CHROMIUM=named),
        ):
            return chromium.find_chromium()

    def test_the_first_one_that_is_installed_is_taken(self) -> None:
        self.assertEqual(self.find("/no/chromium", sys.executable, "/bin/sh"), sys.executable)

    def test_the_one_that_is_named_goes_first(self) -> None:
        self.assertEqual(self.find("/bin/sh", named=sys.executable), sys.executable)

    def test_one_that_is_named_wrongly_is_not_replaced_by_another(self) -> None:
        with self.assertRaisesRegex(chromium.NoChromium, "CHROMIUM names /no/chromium.*apt-get"):
            self.find("/bin/sh", named="/no/chromium")

    def test_where_there_is_none_the_message_tells_how_to_get_one(self) -> None:
        with self.assertRaisesRegex(chromium.NoChromium, "apt-get install chromium;.*brew"):
            self.find("/no/chromium")
