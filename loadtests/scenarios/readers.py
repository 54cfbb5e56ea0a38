"""People who browse without an account."""

import random
from typing import Any

from locust import FastHttpUser, between, task

BLOGS = "/v1/blogs/"


class Reader(FastHttpUser):
    """Looks through lists, opens blogs and reads what others say about them."""

    weight = 4
    wait_time = between(0.05, 0.2)

    def on_start(self) -> None:
        """Find out what there is to read."""
        self.tags = [tag["slug"] for tag in self.results("/v1/tags/")]
        self.blogs: list[str] = []
        self.list_blogs()

    @task(4)
    def list_blogs(self) -> None:
        """Open a page of the list."""
        page = random.randint(1, 3)
        found = self.results(f"{BLOGS}?page={page}", name=f"{BLOGS}?page=[n]")
        self.blogs = [blog["uuid"] for blog in found] or self.blogs

    @task(6)
    def read_blog(self) -> None:
        """Open a blog of the page that was read last."""
        if self.blogs:
            uuid = random.choice(self.blogs)
            self.client.get(f"{BLOGS}{uuid}/", name=f"{BLOGS}[uuid]/")

    @task(2)
    def read_comments(self) -> None:
        """Read what others say about a blog."""
        if self.blogs:
            uuid = random.choice(self.blogs)
            self.client.get(f"{BLOGS}{uuid}/comments/", name=f"{BLOGS}[uuid]/comments/")

    @task(1)
    def list_blogs_of_a_tag(self) -> None:
        """Narrow the list to one tag."""
        if self.tags:
            self.client.get(f"{BLOGS}?tag={random.choice(self.tags)}", name=f"{BLOGS}?tag=[slug]")

    @task(1)
    def list_authors(self) -> None:
        """See who writes."""
        self.client.get("/v1/authors/")

    def results(self, path: str, name: str | None = None) -> list[dict[str, Any]]:
        """Return the rows of a list, none where there is no good answer: Locust counts that.

        Locust calls a response "ok" even where the connection was refused.
        """
        response = self.client.get(path, name=name)
        return response.json()["results"] if response.status_code == 200 else []
