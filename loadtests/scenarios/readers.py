"""People who browse without an account."""

import random
from typing import Any

from locust import FastHttpUser, between, tag, task
from scenarios.asking import BLOGS, Asking

WORDS = ("blog", "project", "matters", "small")


class Reading(Asking):
    """What people read: lists, blogs, comments, what they search for."""

    def list_blogs(self) -> list[str]:
        """Open a page of the list and return the blogs on it."""
        page = random.randint(1, 3)
        found = self.results(f"{BLOGS}?page={page}", f"{BLOGS}?page=[n]")
        return [blog["uuid"] for blog in found]

    def read_blog(self, uuid: str) -> None:
        """Open a blog."""
        self.ask("GET", f"{BLOGS}{uuid}/", name=f"{BLOGS}[uuid]/")

    def read_comments(self, uuid: str) -> None:
        """Read what others say about a blog."""
        self.ask("GET", f"{BLOGS}{uuid}/comments/", name=f"{BLOGS}[uuid]/comments/")

    def search(self) -> None:
        """Look for a word."""
        path = f"{BLOGS}?search={random.choice(WORDS)}"
        # Searching is throttled sooner than reading.
        self.ask("GET", path, name=f"{BLOGS}?search=[word]", expected=(200, 429))

    def results(self, path: str, name: str = "") -> list[dict[str, Any]]:
        """Return the rows of a list, none where there is no good answer: that is counted."""
        answer = self.ask("GET", path, name=name)
        return answer.json()["results"] if answer.status_code == 200 else []


class Reader(Reading, FastHttpUser):
    """Looks through lists, opens blogs and reads what others say about them."""

    weight = 4
    wait_time = between(0.05, 0.2)

    def on_start(self) -> None:
        """Find out what there is to read."""
        self.tags = [row["slug"] for row in self.results("/v1/tags/")]
        self.blogs = self.list_blogs()

    @tag("read")
    @task(4)
    def look_through_a_list(self) -> None:
        """Open a page of the list."""
        self.blogs = self.list_blogs() or self.blogs

    @tag("read")
    @task(6)
    def open_a_blog(self) -> None:
        """Open a blog of the page that was read last."""
        if self.blogs:
            self.read_blog(random.choice(self.blogs))

    @tag("read")
    @task(2)
    def read_what_others_say(self) -> None:
        """Read the comments of a blog."""
        if self.blogs:
            self.read_comments(random.choice(self.blogs))

    @tag("read")
    @task(1)
    def list_blogs_of_a_tag(self) -> None:
        """Narrow the list to one tag."""
        if self.tags:
            path = f"{BLOGS}?tag={random.choice(self.tags)}"
            self.ask("GET", path, name=f"{BLOGS}?tag=[slug]")

    @tag("read")
    @task(1)
    def list_authors(self) -> None:
        """See who writes."""
        self.ask("GET", "/v1/authors/")

    @tag("read", "search")
    @task(1)
    def look_for_a_word(self) -> None:
        """Search."""
        self.search()
