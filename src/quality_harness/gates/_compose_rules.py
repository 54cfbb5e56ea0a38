"""What the gate `containers` looks for in compose files, beside what their schema refuses."""

import re
from collections.abc import Iterator
from typing import Any

from quality_harness.finding import Finding, Location, Rule
from quality_harness.gates._images import UNPINNED, filled, is_unpinned
from quality_harness.gates._yaml import line_of, mappings, texts

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
OPEN_HOST = Rule(
    code="CNT007",
    name="host-given-away",
    summary="A service has rights over its host, or runs as root.",
    reason="Who breaks into a privileged container, or into one that holds Docker's socket, owns "
    "the host; on the host's network it reaches all that listens there; and root in a container "
    "is one mistake away from root outside.",
    instead="Take the line out: give the one capability (cap_add) or device that is needed, put a "
    "proxy of few calls before the socket, publish the ports that are meant to be reached. Files "
    "for development and tests, called so, are left alone.",
    bad="web:\n  image: shop:1.4\n  privileged: true",
    good="web:\n  image: shop:1.4\n  cap_add: [NET_BIND_SERVICE]",
)
RULES = (UNPINNED, SECRET, PUBLISHED, OPEN_HOST)

_SECRET_NAME = re.compile(
    r"PASSWORD$|_PWD$|(^|_)(PASS|PASSWD|PASSPHRASE|SECRET|SECRET_KEY|TOKEN|API_?KEY"
    r"|(ACCESS|PRIVATE|LICENSE|ENCRYPTION|SIGNING)_KEY)$",
    re.IGNORECASE,
)
# `valkey-server --requirepass word`, `PGPASSWORD=word psql`: names and values in a command.
_GIVEN = re.compile(
    r"(?:^|\s)--((?!no-)(?:[\w-]+-)?(?:requirepass|masterauth|password|token|secret))(?:=|\s+(?!-))"
    r"(\"[^\"]*\"|'[^']*'|\S+)"
)
_ASSIGNED = re.compile(r"(?:^|[\s\"'])(\w+)=(\"[^\"]*\"|'[^']*'|\S+)")
_LOGIN = re.compile(r"\w://[^\s/@:]*:([^\s/@]+)@")
# ${NAME}, ${NAME:?message}, ${NAME:-default}: only a default is a text of the file.
_VARIABLE = re.compile(r"\$\{\w+(?::?-([^${}]*)|[^${}]*)\}|\$\w+")
_SWITCHES = ("true", "false", "yes", "no", "0", "1")
_OPEN_TO_ALL = ("80", "443")
_EVERY_INTERFACE = ("", "0", "0.0.0.0", "::")
_DOCKER_SOCKET = re.compile(r"/(var/)?run/docker\.sock")
# docker-compose.dev.yml, compose.override.yaml, .devcontainer/compose.yml, tests/compose.yaml
_OWN_MACHINE = re.compile(
    r"(^|[/._-])(dev|develop|developer|development|devcontainer|local|override|tests?|testing|e2e"
    r"|ci)([/._-])"
)


def judge(path: str, document: Any) -> Iterator[Finding]:
    """Yield what this module's rules find in a compose file."""
    for name, service in mappings(document.get("services")).items():
        if isinstance(service, dict):
            yield from _image(path, name, service)
            yield from _secrets(path, name, service)
            yield from _ports(path, name, service)
            yield from _given_away(path, name, service)


def _image(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    image = service.get("image")
    # What is built here has the project's own tag.
    if not isinstance(image, str) or "build" in service:
        return
    image = filled(image, {})
    if is_unpinned(image):
        message = f"the service '{name}' uses {image}, which has no fixed version"
        place = Location(path, line_of(service, "image"))
        yield UNPINNED.finding(place, message, "name a version, such as postgres:18")


def _secrets(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    for given in (service.get("environment"), mappings(service.get("build")).get("args")):
        for key, text in _pairs(given):
            variable, _, value = text.partition("=")
            if _is_text(value) and (_SECRET_NAME.search(variable) or _has_login(value)):
                yield _secret(path, name, variable, line_of(given, key))
    healthy = mappings(service.get("healthcheck"))
    for node, key in ((service, "command"), (service, "entrypoint"), (healthy, "test")):
        for variable in _secrets_of_command(" ".join(texts(node.get(key)))):
            yield _secret(path, name, variable, line_of(node, key))


def _secret(path: str, name: str, variable: str, line: int) -> Finding:
    message = f"the service '{name}' has the value of {variable} in the file"
    wanted = variable.upper().replace("-", "_")
    hint = f"take it from the environment: ${{{wanted}:?set it in .env}}"
    return SECRET.finding(Location(path, line), message, hint)


def _pairs(given: Any) -> list[tuple[Any, str]]:
    """Return the keys or indexes of variables, and each as `NAME=value`."""
    if isinstance(given, dict):
        return [(key, f"{key}={value}") for key, value in given.items()]
    return list(enumerate(map(str, given))) if isinstance(given, list) else []


def _secrets_of_command(command: str) -> Iterator[str]:
    # What a variable brings has to stay a word: the next one is no value.
    command = _VARIABLE.sub(lambda match: match[1] or "$", command)
    for option, value in _GIVEN.findall(command):
        if _is_text(value):
            yield option
    for variable, value in _ASSIGNED.findall(command):
        if _is_text(value) and _SECRET_NAME.search(variable):
            yield variable
    if _has_login(command):
        yield "PASSWORD"


def _is_text(value: str) -> bool:
    """Whether a value stands there itself; `None` is one from the shell."""
    text = _own_text(value).strip("\"'$")
    return text not in ("", "None") and text.lower() not in _SWITCHES and "$(" not in value


def _has_login(value: str) -> bool:
    return bool(_LOGIN.search(_own_text(value)))


def _own_text(value: str) -> str:
    return _VARIABLE.sub(lambda match: match[1] or "", value)


def _ports(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    ports = service.get("ports")
    for index, port in enumerate(ports if isinstance(ports, list) else ()):
        host, published = _published(port)
        if host in _EVERY_INTERFACE and published not in _OPEN_TO_ALL:
            message = f"the service '{name}' publishes port {published} on every interface"
            hint = f'name the interface: "127.0.0.1:{published}:{published}"'
            yield PUBLISHED.finding(Location(path, line_of(ports, index)), message, hint)


def _given_away(path: str, name: str, service: dict[str, Any]) -> Iterator[Finding]:
    if _OWN_MACHINE.search(path.lower()):
        return
    user = str(service.get("user", "")).partition(":")[0]
    sockets = [one for one in texts(service.get("volumes")) if _DOCKER_SOCKET.search(one)]
    for key, given, problem in (
        ("privileged", service.get("privileged") is True, "is privileged"),
        ("volumes", bool(sockets), "holds Docker's socket, which is root on the host"),
        ("network_mode", service.get("network_mode") == "host", "is on its host's network"),
        ("pid", service.get("pid") == "host", "sees its host's processes"),
        ("user", user == "root" or bool(user) and not user.strip("0"), "runs as root"),
    ):
        if given:
            message = f"the service '{name}' {problem}"
            hint = f"take {key} out, or accept it with a reason above the line"
            yield OPEN_HOST.finding(Location(path, line_of(service, key)), message, hint)


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
