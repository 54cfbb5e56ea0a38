import unittest
from unittest import TestCase as Case


async def fetch():
    return 3


class PostTests(unittest.TestCase):
    async def test_plain(self):
        self.assertEqual(await fetch(), 3)


class OtherTests(Case):
    async def test_renamed(self):
        self.assertEqual(await fetch(), 3)


class FeedTests(IsolatedAsyncioTestCase):
    async def read(self):
        self.assertEqual(await fetch(), 3)

    async def test_helper(self):
        self.read()

    async def test_asserted(self):
        self.assertTrue(fetch())


async def test_function():
    assert fetch()
