"""The Python files of a tree as modules that import one another; nothing is imported."""

import ast
import sys
from glob import iglob
from pathlib import Path
from typing import Any

from quality_harness.migrations.reader.folders import listing
from quality_harness.migrations.reader.source import ABSENT, SourceError, look, parse

# Never looked for in the tree.
_INSTALLED = sys.stdlib_module_names | {"django"}
_FIXTURES = ("json", "jsonl", "yaml", "yml", "xml")
_GLOB = set("*?[]")


class SourceFile:
    """One Python file of a tree.

    Attributes:
        path: POSIX path relative to the root.
        tree: its syntax.
        scope: its names; kept by the evaluator.
    """

    def __init__(self, modules: "Modules", path: str, tree: ast.Module) -> None:
        self.path = path
        self.tree = tree
        self.scope: Any = None
        self._modules = modules
        self._found: dict[str, SourceFile | None] = {}

    def find(self, dotted: str) -> "SourceFile | None":
        """Return the module that an import in this file names, if it is in the tree.

        Args:
            dotted: the module as the import writes it; leading dots are relative.
        """
        if dotted not in self._found:
            self._found[dotted] = self._find(dotted)
        return self._found[dotted]

    def _find(self, dotted: str) -> "SourceFile | None":
        name = dotted.lstrip(".")
        level = len(dotted) - len(name)
        if not level:
            return self._modules.find(name, self.path)
        folder = self.path
        for _ in range(level):
            folder = folder.rpartition("/")[0]
        return self._modules.at(_join(folder, name.replace(".", "/")), self.path)

    def text(self, path: str) -> str | None:
        """Return what a file of the tree holds; None where it cannot be read."""
        return self._modules.text(path, self.path)

    def listed(self, folder: str, pattern: str) -> list[str]:
        """Return the paths of the files of a folder that a pattern is about, in order."""
        return self._modules.listed(folder, pattern, self.path)

    def command(self, name: str) -> "SourceFile | None":
        """Return the module of a management command of that name, of whichever app."""
        return self._modules.command(name, self.path)

    def fixtures(self, name: str) -> list[str]:
        """Return what the fixtures of that name hold, of whichever app."""
        return self._modules.fixtures(name, self.path)

    def submodule(self, name: str) -> "SourceFile | None":
        """Return a module of this package, if this file is a package's and has it."""
        folder, _, file = self.path.rpartition("/")
        return self._modules.at(_join(folder, name), self.path) if file == "__init__.py" else None


class Modules:
    """Finds the files behind imports; each is read once.

    Args:
        root: the tree's top; nothing above it is read.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, SourceFile | None] = {}
        self._states: dict[str, str] = {}
        self._asked: dict[str, set[str]] = {}
        self._holding: dict[tuple[str, str], list[str]] = {}

    def add(self, path: str, tree: ast.Module) -> SourceFile:
        """Take in a file that is parsed already."""
        file = SourceFile(self, path, tree)
        self._files[path] = file
        return file

    def forget(self, file: SourceFile) -> None:
        """Let go of a file; an import of it reads it again."""
        del self._files[file.path]
        file.scope = None

    def find(self, dotted: str, importer: str) -> SourceFile | None:
        """Return the module of an absolute import, if it is in the tree.

        Every folder around the importing file that is no package may be on Python's path.
        """
        if dotted.partition(".")[0] in _INSTALLED:
            return None
        folder = importer
        while folder:
            folder = folder.rpartition("/")[0]
            if not self._is_package(folder, importer):
                found = self.at(_join(folder, dotted.replace(".", "/")), importer)
                if found is not None:
                    return found
        return None

    def text(self, path: str, reader: str) -> str | None:
        """Return the text of a file; None where it is not in the tree or cannot be read."""
        if path.startswith(".."):
            return None
        self._note(path, reader)
        data = self._look(path)
        try:
            return None if data is None else data.decode()
        except UnicodeDecodeError:
            return None

    def listed(self, folder: str, pattern: str, reader: str) -> list[str]:
        """Return the paths of a folder's files; none where there are none in the tree."""
        name = listing(folder, pattern)
        self._note(name, reader)
        names = (self._look(name) or b"").decode("utf-8", "surrogateescape")
        return names.split("\n") if names else []

    def command(self, name: str, importer: str) -> SourceFile | None:
        """Return the module of a management command, if an app of the tree has it."""
        if name.isidentifier():
            for path in self._of_apps("management/commands", f"{name}.py", importer):
                return self._file(path, importer)
        return None

    def fixtures(self, name: str, importer: str) -> list[str]:
        """Return the texts of the fixtures of a name, with or without its ending."""
        plain = name.rpartition("/")[2]
        if _GLOB & set(plain):
            return []
        endings = [""] if "." in plain else [f".{ending}" for ending in _FIXTURES]
        paths = [
            path
            for ending in endings
            for path in self._of_apps("fixtures", f"{plain}{ending}", importer)
        ]
        return [text for path in paths if (text := self.text(path, importer)) is not None]

    def _of_apps(self, part: str, name: str, importer: str) -> list[str]:
        """Return the files of a name in one part of apps beside that of a migration, or farther up.

        Args:
            part: the folder of each app that they stand in.
            name: of the file.
            importer: the migration.
        """
        folder = importer.rpartition("/")[0]
        found: list[str] = []
        while folder and not found:
            folder = folder.rpartition("/")[0]
            places = self._parts(folder, part)
            found = [f"{each}/{name}" for each in places if (self._root / each / name).exists()]
        return found

    def _parts(self, folder: str, part: str) -> list[str]:
        """Return the folders that are such a part of an app, in a folder or two levels below."""
        found = self._holding.get((folder, part))
        if found is None:
            around = self._root / folder
            patterns = (part, f"*/{part}", f"*/*/{part}")
            names = {each for pattern in patterns for each in iglob(pattern, root_dir=around)}
            found = sorted(_join(folder, name) for name in names)
            self._holding[folder, part] = found
        return found

    def at(self, stem: str, importer: str) -> SourceFile | None:
        """Return the module or package at a path without its ending."""
        found = self._file(f"{stem}.py", importer)
        return found or self._file(_join(stem, "__init__.py"), importer)

    def asked_for(self, path: str) -> dict[str, str]:
        """Return the files that were looked for on behalf of one, or of one of these.

        Each comes with what stands for its state then. A file that is not there counts too: once
        it is, the answer may be another one.
        """
        found: set[str] = set()
        waiting = [path]
        while waiting:
            new = self._asked.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return {each: self._states[each] for each in found}

    def _look(self, path: str) -> bytes | None:
        data, state = look(self._root, path)
        if self._states.setdefault(path, state) != state:
            # No later run may take either state for the one that was read.
            self._states[path] = "changed meanwhile"
        return data

    def _note(self, path: str, importer: str) -> None:
        self._asked.setdefault(importer, set()).add(path)

    def _file(self, path: str, importer: str) -> SourceFile | None:
        self._note(path, importer)
        if path not in self._files:
            self._files[path] = None
            data = self._look(path)
            if data is not None:
                try:
                    self.add(path, parse(data, path))
                except SourceError:
                    # What it defines stays unresolved, and that is reported where it is used.
                    return None
        return self._files[path]

    def _is_package(self, folder: str, importer: str) -> bool:
        path = _join(folder, "__init__.py")
        self._note(path, importer)
        if path not in self._states:
            self._look(path)
        return self._states[path] != ABSENT


def _join(folder: str, name: str) -> str:
    return "/".join(part for part in (folder, name) if part)
