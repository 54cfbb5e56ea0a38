"""Fills the database with people and blogs to look at and to measure with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.progress import Progress

from blog import _seed
from blog.public import seed_reference_data


class Command(BaseCommand):
    """`manage.py seed --blogs 1000`; running it again adds only what is missing."""

    help = "Make authors and published blogs, the same ones every time; what is there stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--blogs",
            type=int,
            default=100,
            metavar="N",
            help="how many blogs (default: 100); 0 for only what the app cannot do without",
        )

    def handle(self, *args: Any, blogs: int, **options: Any) -> None:
        """Seed, with a progress bar on a terminal and one line at the end.

        Raises:
            CommandError: the number of blogs is below zero.
        """
        if blogs < 0:
            raise CommandError(f"--blogs {blogs} makes nothing. Give a number from zero up.")
        seed_reference_data()
        with Progress(disable=not self.stdout.isatty()) as progress:
            bar = progress.add_task("Blogs", total=blogs)
            made = 0
            for added, done in _seed.seed_blogs(blogs):
                made += added
                progress.update(bar, completed=done)
        self.stdout.write(f"{made} blogs made, {blogs - made} were there.")
