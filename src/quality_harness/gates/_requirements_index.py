"""Where requirements files have packages come from."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from quality_harness.finding import Finding, Location, Rule, Severity
from quality_harness.gates._requirements import Index

UNSAFE_INDEX = Rule(
    code="DEP006",
    name="unsafe-index",
    summary="A requirements file takes packages from a place that nobody checks.",
    reason="Over plain HTTP, and from a host whose certificate is not checked, whoever stands "
    "between gives what he likes. Hashes are of no help when the file is compiled from there.",
    instead="Take the index's https address; pip is told of a certificate of your own by PIP_CERT.",
    bad="--index-url http://pypi.example.org/simple\n--trusted-host pypi.example.org",
    good="--index-url https://pypi.example.org/simple",
)
SECOND_INDEX = Rule(
    code="DEP007",
    name="second-index",
    summary="A requirements file lets pip choose between two indexes.",
    reason="pip takes the higher version, whichever index has it. Whoever publishes a package of "
    "your private one's name on the public index is asked for it at the next compilation "
    "(dependency confusion). What is locked by hashes stays what it was, so this is a warning.",
    instead="Name one index with `--index-url` that also gives what the public one has, or compile "
    "with uv, which takes each name from the first index that has it.",
    bad="--extra-index-url https://pypi.example.org/simple",
    good="--index-url https://pypi.example.org/simple",
    severity=Severity.WARNING,
)


def judge_indexes(indexes: Iterable[Index]) -> Iterator[Finding]:
    """Find where packages come from a place that is not safe; no password is told."""
    for one in indexes:
        place = Location(one.path, one.line)
        address = urlsplit(one.value)
        if one.option == "--trusted-host":
            message = f"the certificate of {one.value} is not checked ({one.option})"
            hint = "remove the option; name a certificate of your own in PIP_CERT"
            yield UNSAFE_INDEX.finding(place, message, hint)
        elif address.scheme == "http" and not _is_here(address.hostname or ""):
            message = f"packages come from {address.hostname} over plain HTTP ({one.option})"
            yield UNSAFE_INDEX.finding(place, message, "take its https address")
        elif one.option == "--extra-index-url":
            message = f"pip chooses between {address.hostname or one.value} and the first index"
            hint = "name one index with --index-url that gives what the public one has, too"
            yield SECOND_INDEX.finding(place, message, hint)


def _is_here(host: str) -> bool:
    """Whether a host is this machine, which pip trusts as well."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
