"""What stands in for the actions that workflows here use; any other one is refused."""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.events import Published, git
from tests.acceptance.machine import Done, Refused, run


@dataclass(frozen=True)
class Place:
    """Where an action runs.

    Attributes:
        published: the repository and the event.
        work: the job's working tree.
        store: where the run's artifacts are.
        variables: the job's environment.
    """

    published: Published
    work: Path
    store: Path
    variables: Mapping[str, str]


def _checkout(place: Place, given: Mapping[str, Any]) -> Done:
    """As actions/checkout: a fetch of the event's commit, of one commit or of all branches."""
    if unknown := set(given) - {"fetch-depth", "persist-credentials"}:
        raise Refused(f"checkout with {', '.join(sorted(unknown))}")
    published, work = place.published, place.work
    depth = int(given.get("fetch-depth", 1))
    kind = published.event.kind
    ref = "refs/remotes/pull/1/merge" if kind == "pull_request" else "refs/remotes/origin/built"
    git(work, "init", "--quiet", "--initial-branch=master")
    git(work, "remote", "add", "origin", f"file://{published.bare}")
    # The server has to give a commit that no branch names, as the host's does.
    git(published.bare, "config", "uploadpack.allowAnySHA1InWant", "true")
    wanted = [f"+{published.merged}:{ref}"]
    if depth:
        git(work, "fetch", "--quiet", "--no-tags", f"--depth={depth}", "origin", *wanted)
    else:
        branches = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]
        git(work, "fetch", "--quiet", "origin", *branches, *wanted)
    git(work, "checkout", "--quiet", "--force", "--detach", ref)
    return Done(0, "")


def _setup_python(place: Place, given: Mapping[str, Any]) -> Done:
    """The Python that runs this stands for whichever version is asked for."""
    if set(given) != {"python-version"} or not re.fullmatch(r"3\.\d+", given["python-version"]):
        raise Refused(f"setup-python with {given}")
    return run(["python", "--version"], place.work, place.variables)


def _upload(place: Place, given: Mapping[str, Any]) -> Done:
    """Keep files for the jobs that download them."""
    if unknown := set(given) - {
        *("name", "path", "include-hidden-files", "if-no-files-found", "retention-days"),
    }:
        raise Refused(f"upload-artifact with {', '.join(sorted(unknown))}")
    store = place.store / str(given["name"])
    store.mkdir(parents=True)
    found = [path for path in place.work.glob(str(given["path"])) if path.is_file()]
    for path in found:
        shutil.copy(path, store)
    missing = not found and given.get("if-no-files-found") == "error"
    return Done(int(missing), "" if found else f"No files were found: {given['path']}")


def _download(place: Place, given: Mapping[str, Any]) -> Done:
    if set(given) - {"pattern", "merge-multiple"} or given.get("merge-multiple") != "true":
        raise Refused(f"download-artifact with {given}")
    stores = place.store.glob(str(given["pattern"]))
    for path in (path for store in stores for path in store.iterdir()):
        shutil.copy(path, place.work)
    return Done(0, "")


ACTIONS: Mapping[str, Callable[[Place, Mapping[str, Any]], Done]] = {
    "actions/checkout": _checkout,
    "actions/setup-python": _setup_python,
    "actions/upload-artifact": _upload,
    "actions/download-artifact": _download,
}
