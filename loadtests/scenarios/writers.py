"""People who write: each opens an account, logs in, and works on drafts."""

from locust import FastHttpUser, between, tag, task
from scenarios.asking import BLOGS, Account


class Writer(Account, FastHttpUser):
    """Writes drafts, changes them, and deletes them again, so that no run makes the next slower."""

    weight = 1
    wait_time = between(0.2, 0.6)

    def on_start(self) -> None:
        """Open an account and log in."""
        self.open_account("Writer")

    @tag("write")
    @task(2)
    def work_on_a_draft(self) -> None:
        """Begin a draft, change it, read it as others will, delete it."""
        body = {"title": "A draft", "content": "One line."}
        made = self.ask("POST", BLOGS, expected=(201,), json=body, headers=self.headers)
        if made.status_code != 201:
            return
        path, name = f"{BLOGS}{made.json()['uuid']}/", f"{BLOGS}[uuid]/"
        better = {"title": "A better draft"}
        self.ask("PATCH", path, name=name, json=better, headers=self.headers)
        self.ask("GET", path, name=name, headers=self.headers)
        self.ask("DELETE", path, name=name, expected=(204,), headers=self.headers)

    @tag("write")
    @task(1)
    def look_at_the_own_account(self) -> None:
        """Read one's own account."""
        self.ask("GET", "/v1/accounts/me/", headers=self.headers)
