"""What the servers call, with headers that a test client does not send."""

import io
import json
from wsgiref.util import setup_testing_defaults

from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.test import SimpleTestCase

from common.errors import CommonError
from config.asgi import application as asgi
from config.wsgi import application as wsgi

# Django cannot read these, or fails at the query of the address in the charset that they name.
BAD_CONTENT_TYPES = (
    "application/json; a*=foo''x",
    "application/json; charset=hex",
    "application/json; charset=idna",
    "application/json; charset=a\0b",
)
QUERY = "a=%FF&b=xn--%80"


class ServerTests:
    """What holds for both kinds of server; mixed into the test of each."""

    def send(self, content_type: str, query: str) -> tuple[int, dict]:
        """Send a request and return the status and the JSON of the answer."""
        raise NotImplementedError

    def test_a_content_type_that_cannot_be_read_is_refused(self) -> None:
        for content_type in BAD_CONTENT_TYPES:
            with self.subTest(content_type):
                status, answer = self.send(content_type, QUERY)
                error = CommonError.UNSUPPORTED_MEDIA_TYPE
                self.assertEqual((status, answer["error"]["code"]), (error.status, error.code))
                self.assertNotEqual(answer["error"]["request_id"], "")

    def test_a_content_type_that_can_be_read_is_not(self) -> None:
        status, answer = self.send("application/json; charset=utf-8", QUERY)
        self.assertEqual((status, answer["error"]["code"]), (404, CommonError.NOT_FOUND.code))


class SynchronousServerTests(ServerTests, SimpleTestCase):
    def send(self, content_type: str, query: str) -> tuple[int, dict]:
        environ = {"PATH_INFO": "/nowhere/", "CONTENT_TYPE": content_type, "QUERY_STRING": query}
        environ |= {"HTTP_HOST": "testserver", "wsgi.input": io.BytesIO()}
        setup_testing_defaults(environ)
        statuses: list[str] = []
        answer = wsgi(environ, lambda status, headers: statuses.append(status))
        answer.close()
        return int(statuses[0].split()[0]), json.loads(b"".join(answer))


class AsynchronousServerTests(ServerTests, SimpleTestCase):
    @async_to_sync
    async def send(self, content_type: str, query: str) -> tuple[int, dict]:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/nowhere/",
            "query_string": query.encode(),
            "headers": [(b"host", b"testserver"), (b"content-type", content_type.encode())],
        }
        server = ApplicationCommunicator(asgi, scope)
        await server.send_input({"type": "http.request"})
        start, body = await server.receive_output(), await server.receive_output()
        await server.wait()
        return start["status"], json.loads(body["body"])
