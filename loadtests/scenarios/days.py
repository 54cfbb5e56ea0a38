"""A mixed day: people come by themselves, few in the morning, more at noon."""

import random

from scenarios.asking import some_address
from scenarios.readers import Reading

from quality_harness.load.arrivals import ramp
from quality_harness.load.open_arrivals import OpenUser


class MixedDay(Reading, OpenUser):
    """Visitors who do not wait for one another: a list, then perhaps a blog and its comments."""

    arrivals = ramp(first=1, last=4, seconds=60).at_random()
    labels = ("day",)
    most_pending = 400

    @property
    def address(self) -> str:
        """Another one for each request: nobody comes twice."""
        return some_address()

    def visit(self) -> None:
        """Come by once."""
        blogs = self.list_blogs()
        if blogs and random.random() < 0.7:
            self.read_blog(random.choice(blogs))
        if blogs and random.random() < 0.3:
            self.read_comments(random.choice(blogs))
        if random.random() < 0.1:
            self.search()
