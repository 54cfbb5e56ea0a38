"""A whole story over HTTP: write, review, publish, read, comment."""

import io

import requests
from django.contrib.auth.models import Group
from django.core import mail
from django.test import LiveServerTestCase, tag

from accounts.models import User
from accounts.public import EDITORS
from blog.public import seed_reference_data
from quality_harness.testing.sent_mail import assert_mailed_to

from ..factories import PASSWORD, picture
from ..helpers import OwnCacheTests


class Person:
    """Someone with a browser of their own."""

    def __init__(self, root: str, name: str) -> None:
        self.root = root
        self.name = name
        self.email = f"{name.lower()}@example.com"
        self.session = requests.Session()

    def send(self, method: str, path: str, expect: int, **options) -> dict:
        """Send a request, check the status of the answer and return its JSON."""
        response = self.session.request(method, f"{self.root}/v1/{path}", timeout=60, **options)
        assert response.status_code == expect, response.text
        return response.json() if response.content else {}

    def register(self) -> None:
        body = {"email": self.email, "password": PASSWORD, "name": self.name}
        self.send("POST", "accounts/registration/", 201, json=body)

    def log_in(self) -> None:
        body = {"email": self.email, "password": PASSWORD, "device": "browser"}
        token = self.send("POST", "accounts/login/", 201, json=body)["token"]
        self.session.headers["Authorization"] = f"Token {token}"


@tag("slow")
class StoryTests(OwnCacheTests, LiveServerTestCase):
    def test_a_blog_from_its_first_draft_to_its_first_comment(self) -> None:
        seed_reference_data()
        ann, eve, bob, nobody = (
            Person(self.live_server_url, name) for name in ("Ann", "Eve", "Bob", "Nobody")
        )
        for person in (ann, eve, bob):
            person.register()
            person.log_in()
        mail.outbox.clear()  # those that ask for a proof of the email
        User.objects.get(email=eve.email).groups.add(Group.objects.get(name=EDITORS))

        blog = ann.send("POST", "blogs/", 201, json={"title": "Bees", "tags": ["python"]})
        path = f"blogs/{blog['uuid']}/"
        nobody.send("GET", path, 404)
        ann.send("POST", f"{path}submit/", 409)
        ann.send("PATCH", path, 200, json={"content": "They dance."})
        image = io.BytesIO(picture().read())
        ann.send("PUT", f"{path}cover/", 200, files={"image": ("bee.png", image, "image/png")})
        ann.send("DELETE", f"{path}cover/", 204)
        image.seek(0)
        ann.send("PUT", f"{path}cover/", 200, files={"image": ("bee.png", image, "image/png")})
        ann.send("POST", f"{path}submit/", 200)
        bob.send("POST", f"{path}review/", 404)
        eve.send("POST", f"{path}reject/", 200)
        ann.send("POST", f"{path}submit/", 200)
        eve.send("POST", f"{path}review/", 200)
        self.assertEqual(mail.outbox, [])
        eve.send("POST", f"{path}publish/", 200)
        assert_mailed_to(ann.email)

        found = nobody.send("GET", "blogs/?tag=python", 200)["results"]
        self.assertEqual([row["title"] for row in found], ["Bees"])
        self.assertRegex(found[0]["cover"], r"^/media/covers/.+\.png$")
        nobody.send("POST", f"{path}comments/", 401, json={"text": "Hi."})
        comment = bob.send("POST", f"{path}comments/", 201, json={"text": "Indeed."})
        read = nobody.send("GET", f"{path}comments/", 200)["results"]
        self.assertEqual([(row["by"], row["text"]) for row in read], [("Bob", "Indeed.")])
        ann.send("DELETE", f"{path}comments/{comment['uuid']}/", 204)

        ann.send("POST", "accounts/logout/", 204)
        ann.send("DELETE", path, 401)
        ann.log_in()
        ann.send("DELETE", path, 204)
        nobody.send("GET", path, 404)
