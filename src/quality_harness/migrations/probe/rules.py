"""What the probe looks for. The static rules say what may happen, these what did."""

from quality_harness.finding import Rule, Severity

_ALTER = """\
operations = [
    migrations.{operation},
]
"""


def _operation(text: str) -> str:
    return _ALTER.format(operation=text)


DATA_LOST = Rule(
    code="PRB001",
    name="data-lost",
    summary="A row or a value that was there before the migration is gone or changed after it.",
    reason="The rows were written before the migration ran, and no reversal brings them back.",
    instead="Copy the values to where they are to stand, and drop them in a later release.",
    bad=_operation('RemoveField("blog", "subtitle")'),
    good=_operation('AddField("blog", "subtitle", models.TextField(null=True))'),
)
OLD_CODE_FAILS = Rule(
    code="PRB002",
    name="old-code-fails",
    summary="The models of the base cannot create, read, update or delete on the new schema.",
    reason="During a deploy the old code runs on the new schema; each of its requests fails.",
    instead="Make the schema fit both releases: add first, move the code, remove last.",
    bad=_operation('RenameField("blog", "title", "heading")'),
    good=_operation('AddField("blog", "heading", models.TextField(null=True))'),
)
FAILS_ON_ROWS = Rule(
    code="PRB003",
    name="migration-fails-on-rows",
    summary="The migration runs on empty tables and fails on rows that the old code may write.",
    reason="It passes where the tests run and stops the deploy where there are data.",
    instead="Clean the rows in a release before, and check that none is left.",
    bad=_operation('AlterField("blog", "title", models.CharField(max_length=10))'),
    good=_operation('AlterField("blog", "title", models.CharField(max_length=500))'),
)
IRREVERSIBLE = Rule(
    code="PRB004",
    name="reversal-fails",
    summary="The migration cannot be reversed.",
    reason="A release that goes wrong cannot be rolled back together with its schema.",
    instead="Give RunSQL its reverse_sql and RunPython its reverse_code, noop where that is true.",
    bad=_operation("RunPython(forwards)"),
    good=_operation("RunPython(forwards, migrations.RunPython.noop)"),
    severity=Severity.WARNING,
)
LOSSY_REVERSAL = Rule(
    code="PRB005",
    name="reversal-loses-rows",
    summary="After the reversal the schema or the rows are not what they were.",
    reason="A rollback that loses something makes the failed release worse.",
    instead="Write the reversal so that it restores what the migration changed.",
    bad=_operation("RunPython(clear_notes, migrations.RunPython.noop)"),
    good=_operation("RunPython(move_notes, move_notes_back)"),
    severity=Severity.WARNING,
)
STRONG_LOCK = Rule(
    code="PRB006",
    name="strong-lock",
    summary="A table is read through while a lock keeps others from writing or reading it.",
    reason=(
        "The larger the table, the longer all requests that use it wait. Where that is for the "
        "CHECK of a column that comes with it, such as a PositiveIntegerField, it is information: "
        "all rows have the same value there, and Django has no other way to add one."
    ),
    instead="Build indexes concurrently; add constraints NOT VALID and validate them later.",
    bad=_operation('AddIndex("blog", models.Index(fields=["title"], name="blog_title"))'),
    good=_operation(
        'AddIndexConcurrently("blog", models.Index(fields=["title"], name="blog_title"))'
    ),
    severity=Severity.WARNING,
)
TABLE_REWRITE = Rule(
    code="PRB007",
    name="table-rewritten",
    summary="A table with rows is written anew.",
    reason="Nobody reads or writes the table until the last row is copied.",
    instead="Add a column of the new type, fill it in batches, and move the code over.",
    bad=_operation('AlterField("blog", "views", models.BigIntegerField())'),
    good=_operation('AddField("blog", "views_big", models.BigIntegerField(null=True))'),
    severity=Severity.WARNING,
)
UNPROVED = Rule(
    code="PRB008",
    name="unproved",
    summary="The probe could not try something.",
    reason="What was not tried is neither right nor wrong, and silence would look like a pass.",
    instead="Read the migration yourself.",
    bad="a model of which no row can be made, because its check constraint is not understood",
    good="a model of which rows were made",
    severity=Severity.INFO,
)
EDIT_DIFFERS = Rule(
    code="PRB009",
    name="edit-makes-another-schema",
    summary="A migration of the base was edited and makes another schema than before.",
    reason=(
        "Databases that ran it do not run it again. New ones, those of tests among them, get the "
        "edit, and what passes there fails where the old one ran."
    ),
    instead="Bring the migration back as it was, and write a new one that does what is missing.",
    bad=_operation('AddField("blog", "slug", models.SlugField(max_length=80))'),
    good=_operation('AddField("blog", "slug", models.SlugField(default="x"))'),
)
BASE_TEST_FAILS = Rule(
    code="PRB010",
    name="base-test-fails",
    summary="A test of the base passes on the base's schema and fails on the new one.",
    reason=(
        "During a deploy the old code runs on the new schema, and the old tests say what it has "
        "to do. With `quality-harness prove --base-tests` they run there."
    ),
    instead="Make the schema fit both releases: add first, move the code, remove last.",
    bad=_operation('RenameField("blog", "title", "heading")'),
    good=_operation('AddField("blog", "heading", models.TextField(null=True))'),
)
RULES = (
    DATA_LOST,
    OLD_CODE_FAILS,
    FAILS_ON_ROWS,
    IRREVERSIBLE,
    LOSSY_REVERSAL,
    STRONG_LOCK,
    TABLE_REWRITE,
    UNPROVED,
    EDIT_DIFFERS,
    BASE_TEST_FAILS,
)
BY_CODE = {rule.code: rule for rule in RULES}
