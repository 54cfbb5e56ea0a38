"""People who write: each opens an account, logs in, and works on drafts."""

import uuid

from locust import FastHttpUser, between, task
from locust.exception import StopUser

BLOGS = "/v1/blogs/"


class Writer(FastHttpUser):
    """Writes drafts, changes them, and deletes them again, so that no run makes the next slower."""

    weight = 1
    wait_time = between(0.2, 0.6)

    def on_start(self) -> None:
        """Open an account and log in; a writer who cannot goes home, and Locust counts why."""
        account = {
            "email": f"writer-{uuid.uuid4().hex}@load.example.com",
            "password": "a long walk",
        }
        self.client.post("/v1/accounts/registration/", json={**account, "name": "Writer"})
        login = self.client.post("/v1/accounts/login/", json={**account, "device": "load"})
        if login.status_code != 201:
            raise StopUser
        self.headers = {"Authorization": f"Token {login.json()['token']}"}

    @task(2)
    def work_on_a_draft(self) -> None:
        """Begin a draft, change it, read it as others will, delete it."""
        body = {"title": "A draft", "content": "One line."}
        made = self.client.post(BLOGS, json=body, headers=self.headers)
        if made.status_code != 201:
            return
        path, name = f"{BLOGS}{made.json()['uuid']}/", f"{BLOGS}[uuid]/"
        self.client.patch(path, json={"title": "A better draft"}, headers=self.headers, name=name)
        self.client.get(path, headers=self.headers, name=name)
        self.client.delete(path, headers=self.headers, name=name)

    @task(1)
    def look_at_the_own_account(self) -> None:
        """Read one's own account."""
        self.client.get("/v1/accounts/me/", headers=self.headers)
