"""Follows management commands that a migration's function calls to what they do."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from quality_harness.migrations.evaluator import attributes
from quality_harness.migrations.evaluator.scope import Scope, scope_of
from quality_harness.migrations.evaluator.values import (
    Call,
    Class,
    Function,
    Literal,
    Unknown,
    options,
)

EMPTYING = {"flush", "reset_db"}
LOADING = "loaddata"
# Commands of Django's that write no rows of models, or only what is their own.
_OF_DJANGO = {"check", "clearsessions", "collectstatic", "compilemessages", "createcachetable",
              "createsuperuser", "diffsettings", "dumpdata", "findstatic", "inspectdb",
              "makemessages", "makemigrations", "sendtestemail", "showmigrations", "sqlflush",
              "sqlmigrate", "sqlsequencereset", "squashmigrations", "ping_google",
              "optimizemigration"}  # fmt: skip
_MODEL = re.compile(r"model[\"']?\s*[:=]\s*[\"']?(\w+\.\w+)")


def is_command(node: ast.Call) -> bool:
    """Return whether a call is one of call_command()."""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == "call_command"
        case _:
            return False


def names(node: ast.Call, scope: Scope) -> Iterator[str | None]:
    """Give the commands that a call of call_command() runs; None for one that cannot be told."""
    for option in options(scope.of(node.args[0])) if node.args else ():
        yield option.text if isinstance(option, Literal) else None


def handler(node: ast.Call, scope: Scope) -> Iterator[Function]:
    """Give the method that runs when a command of the tree is called."""
    for name in names(node, scope):
        file = scope.file.command(name) if name is not None else None
        made = scope_of(file).own("Command") if file is not None else None
        if isinstance(made, Class):
            command = Call(node, scope, made)
            found = attributes.of_object(command, "handle", Unknown(node, scope))
            if isinstance(found, Function):
                yield found


def is_known(name: str, scope: Scope) -> bool:
    """Return whether a command is Django's own, or one of the tree."""
    return name in _OF_DJANGO or scope.file.command(name) is not None


def loaded(node: ast.Call, scope: Scope) -> Iterator[tuple[str, str]]:
    """Give the models whose rows loaddata writes over, by the keys in its files.

    A file that cannot be read stands for a model of no name.
    """
    for argument in node.args[1:]:
        for option in options(scope.of(argument)):
            name = option.text if isinstance(option, Literal) else None
            texts = scope.file.fixtures(name) if name else []
            for text in texts:
                yield from _with_keys(text)
            if not texts:
                yield ("", "")


def _with_keys(text: str) -> Iterator[tuple[str, str]]:
    try:
        entries: Any = json.loads(text)
        labels = [each["model"] for each in entries if each.get("pk") is not None]
    except (ValueError, TypeError, KeyError, AttributeError):
        # YAML and XML name their models alike.
        labels = _MODEL.findall(text) or ["."]
    for label in dict.fromkeys(labels):
        app, _, name = str(label).lower().partition(".")
        yield (app, name)
