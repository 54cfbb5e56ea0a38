import unittest
from django.test import TestCase


async def fetch():
    return 3


async def stream():
    yield 3


@cached
async def kept():
    return 3


async def sometimes():
    return 3


class Client:
    def sometimes(self):
        return 3


class PostTests(TestCase):
    async def test_django(self):
        self.assertEqual(await fetch(), 3)


class FeedTests(unittest.IsolatedAsyncioTestCase):
    async def test_async(self):
        self.assertEqual(await fetch(), 3)

    def test_run(self):
        self.assertEqual(asyncio.run(fetch()), 3)

    async def test_others(self):
        stream()
        kept()
        sometimes()

    async def test_inner(self):
        async def inner():
            return 3

        self.assertEqual(await inner(), 3)


class MixedTests(Mixin, unittest.TestCase):
    async def test_mixed(self):
        self.assertEqual(await fetch(), 3)


async def test_function():
    assert await fetch() == 3


def helper():
    fetch()
