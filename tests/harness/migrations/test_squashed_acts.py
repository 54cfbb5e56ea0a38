"""What SQL and functions of replaced migrations do lasts, and is missed where it is left out."""

from quality_harness.gate import ChangeKind
from quality_harness.migrations.checking import check

from .trees import TreeCase

ITEM = (
    "migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True)), "
    "('a', models.TextField(null=True))]{})"
)
NEW = ITEM.replace("Item", "Other")
FOLDER = "shop/migrations/"
FUNCTIONS = """
from django.contrib.postgres import operations

def fill(apps, schema_editor):
    apps.get_model("shop", "Item").objects.update(a="x")

def fill_new(apps, schema_editor):
    apps.get_model("shop", "Other").objects.update(a="x")

def clean(apps, schema_editor):
    apps.get_model("shop", "Item").objects.filter(a="x").delete()

def seed(apps, schema_editor):
    apps.get_model("shop", "Other").objects.create(a="x")

def seed_all(apps, schema_editor):
    apps.get_model("shop", "Other").objects.create(a="x")

def index(apps, schema_editor):
    schema_editor.execute("CREATE INDEX title ON shop_item (a)")

def show(apps, schema_editor):
    print(apps.get_model("shop", "Item").objects.count())
"""


def sql(text: str, more: str = "migrations.RunSQL.noop") -> str:
    return f'migrations.RunSQL("{text}", {more})'


def python(name: str, more: str = "migrations.RunPython.noop") -> str:
    return f"migrations.RunPython({name}, {more})"


INDEX = sql("CREATE INDEX title ON shop_item (a)")


class SquashedActsTest(TreeCase):
    def said(self, replaced: str, squashed: str = "", then: str = "") -> str:
        """Return what is said of a squash of two migrations after one that makes Item."""
        del self.paths[:]
        self.add("0001_first", ITEM.format(""), "")
        self.add("0002_x", replaced, "0001_first")
        self.add("0003_y", then, "0002_x")
        replaces = "[('shop', '0002_x'), ('shop', '0003_y')]"
        self.add("0002_s", squashed, "0001_first", replaces=replaces)
        found = check(self.reading(), {f"{FOLDER}0002_s.py": ChangeKind.ADDED}).findings
        return "; ".join(each.message for each in found if each.code == "MIG054")

    def add(self, name: str, operations: str, parent: str, **more: str) -> None:
        dependencies = f"[('shop', '{parent}')]" if parent else "[]"
        self.migration(
            f"[{operations}]",
            before=FUNCTIONS,
            path=f"{FOLDER}{name}.py",
            dependencies=dependencies,
            **more,
        )

    def assert_told(self, phrase: str, replaced: str, squashed: str = "", then: str = "") -> None:
        with self.subTest(replaced=replaced, squashed=squashed, then=then):
            self.assertIn(phrase, self.said(replaced, squashed, then))

    def assert_silent(self, replaced: str, squashed: str = "", then: str = "") -> None:
        with self.subTest(replaced=replaced, squashed=squashed, then=then):
            self.assertEqual("", self.said(replaced, squashed, then))

    def test_what_sql_makes(self) -> None:
        self.assert_told("it lacks the index title, which 0002_x makes by SQL.", INDEX)
        self.assert_told("lacks the index title", INDEX, sql("CREATE INDEX other ON shop_item (a)"))
        self.assert_told("lacks the view v", sql("CREATE VIEW v AS SELECT 1"))
        self.assert_told("lacks the view v", "", then=sql("CREATE OR REPLACE VIEW v AS SELECT 1"))
        self.assert_told("lacks the table stock", sql("CREATE TABLE stock (id int)"))
        self.assert_told(
            "lacks the column shop_item.b", sql("ALTER TABLE shop_item ADD COLUMN b int NULL")
        )
        self.assert_told("lacks the extension pg_trgm", sql("CREATE EXTENSION pg_trgm"))

    def test_what_the_squash_makes_too(self) -> None:
        self.assert_silent(INDEX, INDEX.replace("INDEX title", "INDEX IF NOT EXISTS title"))
        state = "state_operations=[migrations.AddIndex('item', models.Index('a', name='title'))]"
        self.assert_silent(
            sql("CREATE INDEX title ON shop_item (a)", f"'', {state}"),
            "migrations.AddIndex('item', models.Index('a', name='title'))",
        )

    def test_what_sql_does_for_an_operation_of_the_state(self) -> None:
        state = "state_operations=[migrations.AddField('item', 'b', models.TextField(null=True))]"
        self.assert_silent(
            sql("ALTER TABLE shop_item ADD COLUMN b text NULL", f"'', {state}"),
            "migrations.AddField('item', 'b', models.TextField(null=True))",
        )
        self.assert_silent(
            sql("CREATE TABLE shop_other (id int)"), NEW.format(""), then=NEW.format("")
        )

    def test_what_is_gone_again(self) -> None:
        self.assert_silent(INDEX, then=sql("DROP INDEX title"))
        self.assert_silent(INDEX, then="migrations.RemoveIndex('item', 'title')")
        self.assert_silent(
            INDEX, "migrations.DeleteModel('Item')", then="migrations.DeleteModel('Item')"
        )
        self.assert_silent(
            sql("CREATE TABLE stock (id int)") + ", " + sql("CREATE INDEX i ON stock (id)"),
            then=sql("DROP TABLE stock"),
        )

    def test_what_may_be_left_out(self) -> None:
        elidable = INDEX.replace("noop)", "noop, elidable=True)")
        self.assert_silent(elidable)
        self.assert_silent(python("seed", "elidable=True"))
        self.assert_silent(sql("SET lock_timeout = '1s'"))

    def test_extensions(self) -> None:
        operation = "operations.BtreeGinExtension()"
        self.assert_told("lacks BtreeGinExtension() of 0002_x", operation)
        self.assert_silent(operation, operation)
        self.assert_silent(operation, sql("CREATE EXTENSION btree_gin"))

    def test_rows(self) -> None:
        seed = sql("INSERT INTO shop_other (a) VALUES (1)")
        made = NEW.format("")
        told = "does not write the rows of shop_other, as 0003_y does"
        self.assert_told(told, made, made, then=seed)
        self.assert_told(told, made, f"{made}, {sql('UPDATE shop_item SET a = 1')}", then=seed)
        self.assert_told("does not write the rows of shop_item", sql("UPDATE shop_item SET a = 1"))
        self.assert_silent(made, f"{made}, {seed}", then=seed)
        self.assert_silent(made, f"{made}, {python('seed')}", then=seed)
        self.assert_silent(made, made, then=sql("UPDATE shop_other SET a = 1"))
        self.assert_silent(
            sql("INSERT INTO shop_item (a) VALUES (1)"),
            "migrations.DeleteModel('Item')",
            then="migrations.DeleteModel('Item')",
        )

    def test_functions(self) -> None:
        made = NEW.format("")
        self.assert_told("does not run fill() of 0002_x", python("fill"))
        self.assert_told("does not run clean() of 0002_x", python("clean"))
        self.assert_told("does not run index() of 0002_x", python("index"))
        self.assert_told("does not run seed() of 0003_y", made, made, then=python("seed"))
        self.assert_told("does not run fill()", python("fill"), python("clean"), python("clean"))
        self.assert_silent(made, made, then=python("fill_new"))
        self.assert_silent(made, f"{made}, {python('seed')}", then=python("seed"))
        self.assert_silent(made, f"{made}, {python('seed_all')}", then=python("seed"))
        self.assert_silent(python("show"))
        self.assert_silent(python("migrations.RunPython.noop"))

    def test_other_alterations(self) -> None:
        fill = sql("ALTER TABLE shop_item SET (fillfactor = 70)")
        self.assert_told("does not alter table shop_item, as 0002_x does", fill)
        self.assert_silent(fill, fill)
        self.assert_silent(sql("ALTER TABLE shop_item VALIDATE CONSTRAINT c"))
        self.assert_silent(sql("ALTER TABLE shop_item DROP CONSTRAINT c"))
        self.assert_silent(sql("ALTER TABLE stock SET (fillfactor = 70)"))
        self.assert_silent(
            sql("ALTER TABLE shop_item ALTER a SET DEFAULT 1", "'', state_operations=[]")
            + ", migrations.SeparateDatabaseAndState(state_operations=["
            "migrations.AlterField('item', 'a', models.TextField(null=True))])"
        )
