"""A squashed migration has to stand for a whole chain, and the chain has to stay a while."""

from collections.abc import Iterator

from quality_harness.finding import Finding, Location, Rule
from quality_harness.migrations.graph import Context
from quality_harness.migrations.history.apps import App
from quality_harness.migrations.history.history import History
from quality_harness.migrations.history.squashing import differences
from quality_harness.migrations.operations import Migration

OF_HISTORY = True

RULE = Rule(
    code="MIG054",
    name="incomplete-squash",
    summary="A squashed migration does not stand for the migrations that it replaces.",
    reason=(
        "Django takes the squashed migration where all of the replaced ones ran, or none. A "
        "database that ran some needs the others to go on, so they may not be deleted together "
        "with the squash's arrival, nor one by one. A migration that stays between replaced ones "
        "makes a circle, and a name that never was lets Django run what has run already. Where the "
        "operations of the squash leave other models than those of the replaced ones, or leave "
        "out SQL or a function of theirs that is not elidable, new databases are not like the "
        "old ones, or run something twice. A function may be left out where it only changes "
        "rows of tables that the squash makes itself."
    ),
    instead=(
        "Squash with `python manage.py squashmigrations`, release, migrate every database, and "
        "delete all of the replaced migrations in a later release."
    ),
    bad="""\
# base: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# base: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
# file: blog/migrations/0001_squashed_0002_post.py
class Migration(migrations.Migration):
    replaces = [("blog", "0001_initial"), ("blog", "0002_post")]
""",
    good="""\
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# both: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
# file: blog/migrations/0001_squashed_0002_post.py
class Migration(migrations.Migration):
    replaces = [("blog", "0001_initial"), ("blog", "0002_post")]
""",
)


_HINT_OF_STATES = (
    "give it the operations of all that `replaces` names, and no others: python manage.py "
    "squashmigrations {label} writes both"
)


def check(migration: Migration, context: Context) -> Iterator[Finding]:
    """Give a finding for each way in which a squash is incomplete."""
    history = context.history
    app = history.app(migration)
    if app.partial or not (migration.deleted or migration.replaces):
        return
    if migration.deleted:
        yield from _deleted(migration, app)
        return
    for problem, hint in _problems(migration, app, history):
        yield RULE.finding(
            Location(migration.path, migration.line),
            f"The squashed migration {app.label}.{migration.name} {problem}.",
            hint,
        )


def _problems(squash: Migration, app: App, history: History) -> Iterator[tuple[str, str]]:
    replaced = [
        name for label, name in squash.replaces if label == app.label and name != squash.name
    ]
    gone = [name for name in replaced if name not in app.members]
    told = differences(squash, app)
    if told:
        more = f", and {len(told) - 1} more" if len(told) > 1 else ""
        yield (
            f"does something else than what it replaces: it {told[0]}{more}",
            _HINT_OF_STATES.format(label=app.label),
        )
    for name in app.within(squash):
        yield (
            f"leaves out {name}, which stands between those that it replaces",
            f'add ("{app.label}", "{name}") to `replaces`, with what it does',
        )
    if history.is_new(squash):
        deleted = [name for name in gone if history.was_on_base(app.folder, name)]
        if deleted and len(replaced) > 1:
            yield (
                f"comes together with the deletion of {_named(deleted)}",
                "keep the replaced migrations for one release, so that each database can run "
                "the rest of them",
            )
        for name in gone:
            if name not in deleted:
                yield (
                    f"replaces {name}, which does not exist",
                    "correct the name in `replaces`, or remove it",
                )
    elif gone and len(gone) < len(replaced):
        yield (
            f"replaces {_named(gone)}, which is gone, while others that it replaces are there",
            "delete all of the replaced migrations, or none",
        )


def _deleted(migration: Migration, app: App) -> Iterator[Finding]:
    squash = app.members.get(app.replaced.get(migration.name, ""))
    others = [name for _, name in squash.replaces if name in app.members] if squash else []
    if squash and others:
        yield RULE.finding(
            Location(migration.path),
            f"Migration {app.label}.{migration.name} is deleted, while {_named(others)}, which "
            f"{squash.name} replaces too, stays.",
            "Delete all of the replaced migrations, or none.",
        )


def _named(names: list[str]) -> str:
    first = names[0] if len(names) < 3 else f"{names[0]} and {len(names) - 1} more"
    return " and ".join(names) if len(names) == 2 else first
