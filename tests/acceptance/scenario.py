"""The planted project: a small Django project under the templates, and branches of it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from packaging.utils import canonicalize_name

from tests.acceptance.events import git
from tests.acceptance.machine import ASKED, ROOT, closure, copy_tree

SOURCE = Path(__file__).with_name("planted_project.txt")
# Where a project that adopts the templates has them.
TEMPLATES = {
    "ci-templates/github/quality-gates.yml": ".github/workflows/quality-gates.yml",
    "ci-templates/gitlab/quality-gates.yml": "quality-gates.yml",
    "ci-templates/lefthook/lefthook.yml": "lefthook.yml",
}
OURS = "django-quality-harness"
_LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*(?:\n    .*)*", re.MULTILINE)


def files() -> dict[str, str]:
    """Return the planted project's files by their paths, the templates as they are."""
    found: dict[str, str] = {}
    for part in SOURCE.read_text(encoding="utf-8").split("=== ")[1:]:
        name, _, text = part.partition("\n")
        found[name] = text
    for source, target in TEMPLATES.items():
        found[target] = (ROOT / source).read_text(encoding="utf-8")
    found["requirements.in"] = "".join(f"{line}\n" for line in ASKED)
    found["requirements.txt"] = _locked()
    return found


def configured_gates() -> tuple[str, ...]:
    """Return the gates that the planted project has switched on."""
    table = tomllib.loads(files()["pyproject.toml"])
    return tuple(table["tool"]["quality_harness"]["gates"])


def _locked() -> str:
    """Return this repository's own pins and hashes for what is asked for and what that needs."""
    names = closure(ASKED)
    whole = (ROOT / "requirements/dev.txt").read_text(encoding="utf-8")
    pins = {canonicalize_name(match["name"]): match[0] for match in _LOCKED.finditer(whole)}
    # Our own package is on no index: pip finds it installed, and does not ask for its digest.
    pins[canonicalize_name(OURS)] = (
        f"{OURS}=={distribution(OURS).version} \\\n    --hash=sha256:{'0' * 64}"
    )
    return "".join(f"{pins[name]}\n" for name in sorted(names))


@dataclass(frozen=True)
class Seed:
    """The repository at the host before anything is planted, and a clone of it."""

    bare: Path
    work: Path

    @classmethod
    def make(cls, folder: Path) -> "Seed":
        """Make both, with a history of three commits on `main`."""
        work, bare = folder / "seed", folder / "seed.git"
        work.mkdir()
        git(work, "init", "--quiet", "--initial-branch=main")
        branch = Branch(work)
        branch.write({"README.md": "# Shop\n"})
        branch.commit("docs: what it is")
        branch.write(files())
        branch.commit("feat: orders")
        branch.append("docs/hours.md", "\nOn holidays, too.\n")
        branch.commit("docs: holidays")
        git(folder, "clone", "--quiet", "--bare", str(work), str(bare))
        git(work, "remote", "add", "origin", str(bare))
        return cls(bare, work)

    def copy(self, folder: Path) -> tuple[Path, "Branch"]:
        """Return a copy of the host's repository and of the clone, on a new branch."""
        bare = copy_tree(self.bare, folder / "host.git")
        work = copy_tree(self.work, folder / "author")
        git(work, "remote", "set-url", "origin", str(bare))
        git(work, "switch", "--quiet", "--create", "change")
        return bare, Branch(work)


@dataclass(frozen=True)
class Branch:
    """A branch that somebody works on."""

    root: Path

    def read(self, name: str) -> str:
        """Return a file's text, its line ends as they are."""
        return (self.root / name).read_bytes().decode("utf-8")

    def write(self, given: dict[str, str]) -> None:
        """Write files; a text's line ends stay as they are."""
        for name, text in given.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))

    def append(self, name: str, text: str) -> None:
        """Add text to the end of a file."""
        self.write({name: self.read(name) + text})

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace a text once.

        Raises:
            ValueError: it is not there, so the case plants nothing.
        """
        text = self.read(name)
        if old not in text:
            raise ValueError(f"{name} no longer holds {old!r}: mend the case")
        self.write({name: text.replace(old, new, 1)})

    def delete(self, *names: str) -> None:
        """Delete files."""
        for name in names:
            (self.root / name).unlink()

    def git(self, *arguments: str) -> str:
        """Run git."""
        return git(self.root, *arguments)

    def commit(self, message: str) -> None:
        """Commit all there is."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def is_dirty(self) -> bool:
        """Whether anything is not committed."""
        return bool(self.git("status", "--porcelain"))

    def paths(self) -> Iterator[str]:
        """Yield the names of all files that git tracks."""
        yield from filter(None, self.git("ls-files", "-z").split("\0"))
