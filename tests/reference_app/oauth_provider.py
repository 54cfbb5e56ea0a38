"""A small OAuth 2 provider on loopback, which answers as Google and GitHub do."""

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT_ID = "blog"
CLIENT_SECRET = "hush"


class Provider(ThreadingHTTPServer):
    """Keeps to the standard: a code works once, for its client, its address and its verifier.

    Attributes:
        profile, user, emails: what it tells of the one user that it has.
        broken: paths that answer with other bytes, and the status and bytes.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server_port}"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.reset()

    def reset(self) -> None:
        """Forget every login, and have the user whom the tests begin with."""
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.broken: dict[str, tuple[int, bytes]] = {}
        self.profile: Any = {
            "sub": "g-1",
            "email": "Ann@example.com",
            "email_verified": True,
            "name": "Ann",
        }
        self.user: Any = {"id": 7, "login": "ann7", "name": None, "email": "shown@example.com"}
        self.emails: Any = [
            {"email": "other@example.com", "primary": False, "verified": True},
            {"email": "ann@example.com", "primary": True, "verified": True},
        ]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def settings(self) -> dict[str, dict[str, str]]:
        """Return SOCIAL_PROVIDERS that lead here."""
        common = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scope": "openid email",
            "authorization_url": f"{self.root}/authorize",
            "token_url": f"{self.root}/token",
        }
        return {
            "google": {**common, "profile_url": f"{self.root}/profile"},
            "github": {
                **common,
                "profile_url": f"{self.root}/user",
                "emails_url": f"{self.root}/user/emails",
            },
        }


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/authorize":
            return self.agree({name: value for name, [value] in parse_qs(parts.query).items()})
        if self.headers["Authorization"].removeprefix("Bearer ") not in self.server.tokens:
            return self.answer(401, {"error": "invalid_token"})
        pages = {
            "/profile": self.server.profile,
            "/user": self.server.user,
            "/user/emails": self.server.emails,
        }
        self.answer(200, pages[parts.path])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: value for name, [value] in parse_qs(body).items()}
        client = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        if client != f"{CLIENT_ID}:{CLIENT_SECRET}":
            return self.answer(401, {"error": "invalid_client"})
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        begun = self.server.codes.pop(form["code"], None)
        sent = {"redirect_uri": form["redirect_uri"], "code_challenge": challenge}
        if begun != sent or form["grant_type"] != "authorization_code":
            return self.answer(400, {"error": "invalid_grant"})
        token = secrets.token_hex()
        self.server.tokens.add(token)
        self.answer(200, {"access_token": token, "token_type": "bearer"})

    def agree(self, query: dict[str, str]) -> None:
        """Send the user back with a code, as if the user had agreed."""
        assert query["client_id"] == CLIENT_ID and query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256" and query["scope"] == "openid email"
        code = secrets.token_hex()
        self.server.codes[code] = {name: query[name] for name in ("redirect_uri", "code_challenge")}
        self.send_response(302)
        back = urlencode({"code": code, "state": query["state"]})
        self.send_header("Location", f"{query['redirect_uri']}?{back}")
        self.end_headers()

    def answer(self, status: int, content: Any) -> None:
        status, body = self.server.broken.get(self.path, (status, json.dumps(content).encode()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Say nothing on the terminal."""
