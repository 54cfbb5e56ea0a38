"""The operations that do what a function does by a schema editor."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from quality_harness.migrations.functions.deeds import Deed
from quality_harness.migrations.operations import Operation


def edited(
    found: Iterable[Deed], stated: Sequence[Operation]
) -> Iterator[tuple[Deed, dict[str, Any]]]:
    """Give each call of a schema editor with the attributes of the operation that does the same.

    Args:
        found: what a function does.
        stated: what the operation that the function belongs to makes of the state.
    """
    seen: set[str] = set()
    for deed in found:
        edit = deed.edit
        if edit is None or f"{deed.line} {edit}" in seen:
            continue
        seen.add(f"{deed.line} {edit}")
        kind = edit.kind.removesuffix("Concurrently")
        same = next((each for each in stated if each.kind.startswith(kind)), None)
        if same is not None and not edit.is_told:
            texts = dict(same.arguments)
            yield deed, _attributes(edit.kind, same.model, same.field, texts, same.given)
        else:
            app, model = edit.model
            texts = {"name": edit.name, "app": app} if app else {"name": edit.name}
            yield deed, _attributes(edit.kind, model, edit.field, texts, edit.given)


def _attributes(kind: str, model: str, field: str, texts: object, given: object) -> dict[str, Any]:
    return {"kind": kind, "model": model, "field": field, "arguments": texts, "given": given}
