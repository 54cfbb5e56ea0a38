"""What the gate `containers` looks for in compose files, beside what their schema refuses."""

import re
from collections.abc import Iterator
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._yaml import items, line_of, mappings

UNPINNED = Rule(
    code="CNT002",
    name="unpinned-image",
    summary="An image has no tag, or the tag `latest`.",
    reason="The same file then builds and runs another program tomorrow.",
    instead="Name a version, or a digest.",
    bad="image: postgres",
    good="image: postgres:18",
)
SECRET = Rule(
    code="CNT005",
    name="secret-in-compose-file",
    summary="A compose file holds a password, a token or a key.",
    reason="Everybody who reads the repository has it, and its history keeps it for ever.",
    instead="Take it from the environment, and refuse to start without it; or from a file.",
    bad="environment:\n  POSTGRES_PASSWORD: summer",
    good="environment:\n  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in .env}",
)
PUBLISHED = Rule(
    code="CNT006",
    name="port-on-all-interfaces",
    summary="A compose file publishes a port on every interface of its host.",
    reason="Docker opens it before the host's firewall is asked: the whole network reaches it.",
    instead="Publish it on the loopback interface, or not at all: services reach each other by "
    "name. 80 and 443 are left alone; they are there to be reached.",
    bad='ports: ["5432:5432"]',
    good='ports: ["127.0.0.1:5432:5432"]',
)
RULES = (UNPINNED, SECRET, PUBLISHED)

_SECRET_NAME = re.compile(
    r"(^|_)(PASSWORD|PASSWD|SECRET|SECRET_KEY|TOKEN|API_?KEY|ACCESS_KEY|PRIVATE_KEY|LICENSE_KEY)$",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"\w://[^\s/@:]*:([^\s/@]+)@")
# ${NAME}, ${NAME:?message}, ${NAME:-default}: only a default is a text of the file.
_VARIABLE = re.compile(r"\$\{\w+(?::?-([^${}]*)|[^${}]*)\}|\$\w+")
_SWITCHES = ("true", "false", "yes", "no", "0", "1")
_OPEN_TO_ALL = ("80", "443")


def judge(path: str, document: Any) -> Iterator[Finding]:
    """Yield what this module's rules find in a compose file."""
    for name, service in mappings(document.get("services")).items():
        if isinstance(service, dict):
            yield from _image(path, name, service)
            yield from _secrets(path, name, service)
            yield from _ports(path, name, service)


def _image(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    image = service.get("image")
    # What is built here has the project's own tag, and a variable's value is not known.
    if not isinstance(image, str) or "build" in service or "$" in image:
        return
    tag = image.rpartition("/")[2].partition(":")[2]
    if "@" not in image and tag in ("", "latest"):
        message = f"the service '{name}' uses {image}, which has no fixed version"
        place = Location(path, line_of(service, "image"))
        yield UNPINNED.finding(place, message, "name a version, such as postgres:18")


def _secrets(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    given: Any = service.get("environment") or []
    for key in given if isinstance(given, dict) else range(len(given)):
        text = f"{key}={given[key]}" if isinstance(given, dict) else str(given[key])
        variable, _, value = text.partition("=")
        if _is_secret(variable, value):
            message = f"the service '{name}' has the value of {variable} in the file"
            hint = f"take it from the environment: ${{{variable}:?set it in .env}}"
            yield SECRET.finding(Location(path, line_of(given, key)), message, hint)


def _is_secret(variable: str, value: str) -> bool:
    """Whether a value is a secret that stands there itself; `None` is one from the shell."""
    text = _VARIABLE.sub(lambda match: match[1] or "", value)
    if text in ("", "None") or text.lower() in _SWITCHES:
        return False
    return bool(_SECRET_NAME.search(variable) or _LOGIN.search(text))


def _ports(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    ports = service.get("ports")
    for index, port in enumerate(items(ports)):
        host, published = _published(port)
        if host in ("", "0.0.0.0", "::") and published not in _OPEN_TO_ALL:
            message = f"the service '{name}' publishes port {published} on every interface"
            hint = f'name the interface: "127.0.0.1:{published}:{published}"'
            yield PUBLISHED.finding(Location(path, line_of(ports, index)), message, hint)


def _published(port: Any) -> tuple[str, str]:
    """Return the address and the port of the host; the container's port where Docker chooses."""
    if isinstance(port, dict):
        published = str(port.get("published", port.get("target", "")))
        return str(port.get("host_ip", "")), published
    # An address of IPv6 has colons of its own, and so has a variable's default.
    plain = _VARIABLE.sub(lambda match: match[1] or "?", str(port)).partition("/")[0]
    before, _, inside = plain.rpartition(":")
    host, _, published = before.rpartition(":")
    return host.strip("[]"), published or inside
