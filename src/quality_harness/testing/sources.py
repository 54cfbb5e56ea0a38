"""The tests that stand in the source, and what looks like one; nothing is imported."""

import ast
import re
import unittest
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from quality_harness.gate import CouldNotRun
from quality_harness.testing.collected import FunctionId

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# A function under one of these is a helper that other code asks for.
NO_TEST_DECORATORS = {"cached_property", "contextmanager", "asynccontextmanager", "fixture"}
NO_TEST_DECORATORS |= {"property", "setter", "overload"}
# These make further tests of a function, under other names, before a second one shadows it.
EXPANDING_DECORATORS = {"expand", "overload", "setter", "getter", "deleter", "register"}
# What unittest, Django and pytest call by themselves.
HOOKS = frozenset(dir(unittest.IsolatedAsyncioTestCase)) | {"runTest", "load_tests", "main"}
HOOK_PATTERN = re.compile(r"__\w+__|\w*(setup|teardown)\w*|pytest_\w+", re.IGNORECASE)
TEST_FILE = re.compile(r"test\w*|\w*_tests?")
# "test" with letters swapped, one of them missing or doubled, or with a capital.
TYPO = re.compile(
    r"(?!test)_*(Test|[tT](set|ets|st|es|et|tst|test|eest|esst|ess)|est|etst|estt)_\w+"
)


@dataclass(frozen=True)
class SourceTest:
    """A function that is, or looks like, a test.

    Attributes:
        id: where it is defined.
        line: its first line.
        owner_line: its class's first line; 0 without a class.
        sure: its file, class or body says that it is a test; without that, only a runner that
            collects it can tell.
    """

    id: FunctionId
    line: int
    owner_line: int
    sure: bool


@dataclass(frozen=True)
class Shadowed:
    """A definition with tests that a later one of the same name replaces.

    Attributes:
        name: "PostTests.test_create", "test_create" or "PostTests".
        line: the definition that is lost.
        by_line: the definition that replaces it.
    """

    name: str
    line: int
    by_line: int


@dataclass(frozen=True)
class SourceFile:
    """What one file holds."""

    path: str
    tests: tuple[SourceTest, ...]
    suspects: tuple[SourceTest, ...]
    shadowed: tuple[Shadowed, ...]


def read_sources(texts: Mapping[str, str]) -> list[SourceFile]:
    """Return the tests of each file.

    Args:
        texts: the source by path. A helper that is mentioned in any of them is no suspect.

    Raises:
        CouldNotRun: a file is not valid Python.
    """
    trees = {path: _parse(path, text) for path, text in texts.items()}
    mentioned = {name for tree in trees.values() for name in _mentions(tree)}
    files = [_read_file(path, tree, mentioned) for path, tree in trees.items()]
    # The same name in several places is a method that a base class elsewhere calls.
    names = Counter(suspect.id.name for file in files for suspect in file.suspects)
    return [
        replace(
            file,
            suspects=tuple(
                s for s in file.suspects if _is_typo(s.id.name) or names[s.id.name] == 1
            ),
        )
        for file in files
    ]


def _parse(path: str, text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise CouldNotRun(f"{path}:{line} is not valid Python: {error}") from None


def _read_file(path: str, tree: ast.Module, mentioned: set[str]) -> SourceFile:
    tests: list[SourceTest] = []
    suspects: list[SourceTest] = []
    file_is_test = TEST_FILE.fullmatch(PurePosixPath(path).stem) is not None
    for scope in _scopes(tree):
        class_is_test = scope.says_test()
        says_test = class_is_test if scope.node else file_is_test
        functions = [node for node in scope.body if isinstance(node, FUNCTIONS)]
        here = [node for node in functions if _is_test(node)]
        for node in here:
            tests.append(scope.test(path, node, says_test or _asserts(node)))
        if here or says_test:
            suspects += [
                scope.test(path, node, True)
                for node in functions
                if _is_suspect(node, mentioned, is_method=scope.node is not None)
            ]
    return SourceFile(path, tuple(tests), tuple(suspects), tuple(_shadowed(tree)))


@dataclass(frozen=True)
class _Scope:
    """The module's or a class's body."""

    name: str
    node: ast.ClassDef | None
    body: list[ast.stmt]

    def says_test(self) -> bool:
        bases = self.node.bases if self.node else []
        return "test" in " ".join([self.name, *map(_last_name, bases)]).lower()

    def test(self, path: str, function: Function, sure: bool) -> SourceTest:
        owner_line = self.node.lineno if self.node else 0
        return SourceTest(
            FunctionId(path, self.name, function.name), function.lineno, owner_line, sure
        )


def _scopes(tree: ast.Module) -> Iterator[_Scope]:
    """Yield the module and its classes, inner ones too, but for those with `__test__ = False`.

    What stands under an `if` or in a function exists only sometimes, and is left out.
    """
    yield _Scope("", None, tree.body)
    waiting = [("", node) for node in tree.body]
    while waiting:
        prefix, node = waiting.pop(0)
        if isinstance(node, ast.ClassDef) and not _opts_out(node):
            yield _Scope(prefix + node.name, node, node.body)
            waiting += [(f"{prefix}{node.name}.", inner) for inner in node.body]


def _opts_out(node: ast.ClassDef) -> bool:
    return any(
        isinstance(statement, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "__test__" for t in statement.targets)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value is False
        for statement in node.body
    )


def _is_test(node: Function) -> bool:
    return node.name.startswith("test") and not _decorators(node) & NO_TEST_DECORATORS


def _is_suspect(node: Function, mentioned: set[str], *, is_method: bool) -> bool:
    if node.name.startswith("test") or node.name in mentioned or not _asserts(node):
        return False
    if _is_typo(node.name):
        return not _decorators(node) & NO_TEST_DECORATORS
    if node.name in HOOKS or HOOK_PATTERN.fullmatch(node.name) or "assert" in node.name.lower():
        return False
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return not node.decorator_list and len(arguments) == is_method and not _has_star(node)


def _has_star(node: Function) -> bool:
    return node.args.vararg is not None or node.args.kwarg is not None


def _is_typo(name: str) -> bool:
    return TYPO.fullmatch(name) is not None


def _asserts(node: Function) -> bool:
    """Whether the body itself holds an assertion of any kind."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert):
            return True
        if isinstance(inner, ast.Call):
            name = _last_name(inner.func)
            if name.lower().startswith("assert") or name in {"fail", "raises"}:
                return True
    return False


def _mentions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield node.name
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            # getattr, mock.patch and load_tests name functions in strings.
            yield node.value.rpartition(".")[2]


def _decorators(node: ast.ClassDef | Function) -> set[str]:
    return {_last_name(decorator) for decorator in node.decorator_list}


def _last_name(node: ast.expr) -> str:
    """Return "raises" of `pytest.raises`, of `raises(...)` and of `raises`."""
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _shadowed(tree: ast.Module) -> Iterator[Shadowed]:
    for scope in _scopes(tree):
        prefix = f"{scope.name}." if scope.name else ""
        seen: dict[str, int] = {}
        for node in scope.body:
            if not isinstance(node, (ast.ClassDef, *FUNCTIONS)) or not _holds_tests(node):
                continue
            if node.name in seen:
                yield Shadowed(prefix + node.name, seen[node.name], node.lineno)
            if not _decorators(node) & EXPANDING_DECORATORS:
                seen[node.name] = node.lineno


def _holds_tests(node: ast.ClassDef | Function) -> bool:
    if isinstance(node, ast.ClassDef):
        inner = (statement for statement in node.body if isinstance(statement, FUNCTIONS))
        return not _opts_out(node) and any(_is_test(function) for function in inner)
    return _is_test(node)
