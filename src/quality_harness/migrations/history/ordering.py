"""The order in which migrations run, within an app and across apps."""

from collections import Counter
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from quality_harness.migrations.operations import Migration

_Name = tuple[str, str]


def order(migrations: Iterable[Migration]) -> list[Migration]:
    """Return the migrations of one app in the order in which they run."""
    by_name: Mapping[str, Migration] = {
        each.name: each for each in sorted(migrations, key=lambda each: each.path)
    }
    graph = {
        name: [before for _, before in each.dependencies if before in by_name and before != name]
        for name, each in by_name.items()
    }
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError:
        # Another app's migration of the same name was taken for ours.
        return list(by_name.values())


def labels(migrations: Iterable[Migration]) -> dict[str, str]:
    """Return the label of each folder's app, where its migrations tell it.

    A migration names its predecessor in the same folder together with the app's label.
    """
    folders: dict[str, list[Migration]] = {}
    for migration in migrations:
        folders.setdefault(migration.folder, []).append(migration)
    found: dict[str, str] = {}
    for folder, members in folders.items():
        names = {each.name for each in members}
        said = Counter(
            label
            for each in members
            for label, name in (*each.dependencies, *each.replaces)
            if name in names and name != each.name
        )
        own = members[0].app
        if said:
            # Another app's migration may be called the same: the folder's name is likelier.
            found[folder] = own if own in said else said.most_common(1)[0][0]
    return found


def unique_labels(migrations: Iterable[Migration], app_labels: Mapping[str, str]) -> dict[str, str]:
    """Return a label for each folder that no other folder has.

    Where several projects stand in one tree, the second app of a label gets its folder added:
    "blog@shop/blog/migrations".
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for folder, app in sorted({each.folder: each.app for each in migrations}.items()):
        label = app_labels.get(folder, app)
        found[folder] = f"{label}@{folder}" if label in taken else label
        taken.add(label)
    return found


def everything_in_order(
    migrations: Iterable[Migration], app_labels: Mapping[str, str]
) -> list[Migration]:
    """Return the migrations of all apps in an order in which they can run.

    Args:
        migrations: every migration of a tree.
        app_labels: the label of each folder's app, no two the same.

    Of a squashed migration and those that it replaces, only one side is there: those that are
    replaced, if all of them are in the tree. What is not in the tree is not waited for.
    """
    members = sorted(migrations, key=lambda each: each.path)
    named = {(app_labels[each.folder], each.name): each for each in members}
    stands_for: dict[_Name, list[_Name]] = {}
    for name, each in named.items():
        if not each.replaces:
            continue
        if all(one in named and one != name for one in each.replaces):
            stands_for[name] = list(each.replaces)
        else:
            stands_for |= {one: [name] for one in each.replaces if one not in named}
    running = {name: each for name, each in named.items() if not _is_squash(name, named)}
    graph = {name: set(_before(name, each, named, stands_for)) for name, each in running.items()}
    for name, each in running.items():
        for later in each.run_before:
            if later in graph:
                graph[later].add(name)
    try:
        names = list(TopologicalSorter(graph).static_order())
    except CycleError:
        names = list(running)
    return [running[name] for name in names if name in running]


def _is_squash(name: _Name, named: Mapping[_Name, Migration]) -> bool:
    replaces = named[name].replaces
    return bool(replaces) and all(one in named and one != name for one in replaces)


def _before(
    name: _Name,
    migration: Migration,
    named: Mapping[_Name, Migration],
    stands_for: Mapping[_Name, list[_Name]],
) -> Iterable[_Name]:
    for label, wanted in migration.dependencies:
        if label == name[0].partition("@")[0]:
            label = name[0]
        if wanted in ("__first__", "__latest__"):
            of_app = sorted(each for each in named if each[0] == label)
            found = of_app[:1] if wanted == "__first__" else of_app[-1:]
        else:
            found = [(label, wanted)]
        for each in found:
            yield from (one for one in stands_for.get(each, [each]) if one != name)
