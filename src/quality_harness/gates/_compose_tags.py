"""Compose's own tags, for readers of YAML that do not know them.

`ports: !reset []` takes away what an earlier file gave, `environment: !override` replaces it.
"""

from typing import Any


def register() -> None:
    """Teach ruamel.yaml's plain reader the tags: a key that is reset is one that is not there."""
    from ruamel.yaml.constructor import SafeConstructor

    SafeConstructor.add_constructor("tag:yaml.org,2002:map", _mapping)
    SafeConstructor.add_constructor("!override", _overriding)
    SafeConstructor.add_constructor("!reset", _overriding)


def _mapping(constructor: Any, node: Any) -> Any:
    return constructor.construct_yaml_map(_without_resets(node))


def _overriding(constructor: Any, node: Any) -> Any:
    if node.id == "mapping":
        return constructor.construct_mapping(_without_resets(node), deep=True)
    if node.id == "sequence":
        return constructor.construct_sequence(node, deep=True)
    return constructor.construct_scalar(node)


def _without_resets(node: Any) -> Any:
    node.value = [(key, value) for key, value in node.value if value.tag != "!reset"]
    return node
