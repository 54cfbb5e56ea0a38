"""What psycopg and Django make SQL of: identifiers, quoted names, tables of models."""

from textwrap import dedent

from .test_evaluator import EvaluatorCase
from .test_following import FollowingCase

PSYCOPG = "from psycopg import sql\n"


class PsycopgTest(EvaluatorCase):
    def composed(self, expression: str) -> list[str]:
        return self.sql(expression, PSYCOPG)

    def test_identifiers(self) -> None:
        drop = 'sql.SQL("DROP TABLE {}").format(sql.Identifier(%s))'
        self.assertEqual(['drops table "a"'], self.composed(drop % '"a"'))
        self.assertEqual(['drops table "a"."b"'], self.composed(drop % '"a", "b"'))
        self.assertEqual(["drops table …"], self.composed(drop % "X"))
        self.assertEqual(["drops table …"], self.composed(drop % '"a", X'))
        self.assertEqual(["drops table …"], self.composed(drop % ""))

    def test_composed(self) -> None:
        parts = '[sql.SQL("DROP TABLE "), sql.Identifier("a")]'
        self.assertEqual(['drops table "a"'], self.composed(f"sql.Composed({parts})"))
        self.assertEqual(['drops table "a"'], self.composed(f'sql.SQL("").join({parts})'))
        self.assertEqual(
            ['drops table "a"'], self.composed('sql.SQL("DROP TABLE ") + sql.Identifier("a")')
        )
        self.assertIn("known only at run time", self.composed("sql.Composed(X)")[0])

    def test_literals_are_no_sql(self) -> None:
        select = 'sql.SQL("SELECT {}").format(sql.Literal(%s))'
        for given in ('"; DROP TABLE a; --"', '"\'; DROP TABLE a; --"', "5", "True", "X"):
            with self.subTest(given):
                self.assertEqual([], self.composed(select % given))

    def test_a_literal_keeps_its_value(self) -> None:
        delete = 'sql.SQL("UPDATE a SET b = 1 WHERE id = {}").format(sql.%s)'
        self.told_detail("one", delete % "Literal(5)")
        self.told_detail("one", delete % "Placeholder()")
        self.told_detail("some", delete % "Literal(X)")

    def told_detail(self, detail: str, expression: str) -> None:
        found = self.operations(f"[migrations.RunSQL({expression})]", before=PSYCOPG)
        told = [statement.detail for each in found for statement in each.statements]
        self.assertIn(detail, told)

    def test_as_string(self) -> None:
        text = 'sql.SQL("DROP TABLE {}").format(sql.Identifier("a")).as_string(X)'
        self.assertEqual(['drops table "a"'], self.composed(text))

    def test_handed_on_by_another_module(self) -> None:
        drop = 'sql.SQL("DROP TABLE {}").format(sql.Identifier(X))'
        self.assertEqual(["drops table …"], self.sql(drop, "from shop.psycopg import sql"))
        self.assertEqual([], [x for x in self.sql(drop, "from shop import sql") if "drops" in x])


class JoinedTest(EvaluatorCase):
    def test_list_that_is_filled_anew_in_each_round(self) -> None:
        before = """
            def drops():
                for table in ["a", "b"]:
                    found = []
                    for row in rows():
                        found.append(f"ALTER TABLE {table} DROP COLUMN {row};")
                return "".join(found)
        """
        found = self.sql("drops()", dedent(before))
        self.assertEqual(["drops column a.…", "drops column b.…"], found[:2])


class QuotedTest(EvaluatorCase):
    def test_names_that_are_quoted(self) -> None:
        for quote in ("connection.ops.quote_name", "X.quote_name", "qn"):
            with self.subTest(quote):
                before = "from django.db import connection\nqn = connection.ops.quote_name"
                found = self.sql(f'"DROP TABLE " + {quote}("a")', before)
                self.assertEqual(['drops table "a"'], found)
                already = self.sql(f'"DROP TABLE " + {quote}(\'"a"\')', before)
                self.assertEqual(['drops table "a"'], already)

    def test_alias_of_a_schema_editors_method(self) -> None:
        self.assertEqual(
            ['drops table "a"'], self.sql('"DROP TABLE " + qn("a")', "qn = X.quote_name")
        )

    def test_a_name_that_is_not_known(self) -> None:
        for expression in ("X.quote_name(Y)", 'X.quote_name("a", 1)', 'X.other("a")', 'qn("a")'):
            with self.subTest(expression):
                found = self.sql(f'"DROP TABLE %s" % {expression}', "qn = X")
                self.assertEqual(["drops table …"], found)


class TablesTest(FollowingCase):
    def drops(self, table: str, model: str) -> None:
        body = f'cursor.execute("DROP TABLE %s" % {model}._meta.db_table)'
        self.assertEqual([f"drops table {table}"], self.told(body))

    def test_the_table_of_a_model(self) -> None:
        self.drops("blog_post", 'apps.get_model("blog", "Post")')
        self.drops("blog_post", 'apps.get_model("blog.Post")')
        self.drops("…", 'apps.get_model(X, "Post")')
        self.drops("…", 'apps.get_model("a.b", "Post")')
        self.drops("…", "X")

    def test_the_column_of_a_field(self) -> None:
        body = 'cursor.execute(f"ALTER TABLE a DROP COLUMN {X._meta.get_field(%s).column}")'
        self.assertEqual(["drops column a.b"], self.told(body % "'b'"))
        self.assertEqual(["drops column a.…"], self.told(body % "Y"))
        self.assertEqual(
            ["drops column a.…"],
            self.told('cursor.execute(f"ALTER TABLE a DROP COLUMN {X.column}")'),
        )


class RowsOfFunctionsTest(FollowingCase):
    def test_rows_that_a_function_of_the_tree_gives(self) -> None:
        before = """
            def rows(apps):
                return apps.get_model("blog", "Blog").objects.all()
            class Change:
                def rows(self, model):
                    return model.objects.filter(a=1)
                def change(self, row):
                    row.b = 1
                def __call__(self, apps):
                    for row in self.rows(apps.get_model("blog", "Blog")).iterator():
                        self.change(row)
                        row.save()
            class Titles(Change):
                def change(self, row):
                    row.title = ""
        """
        self.check("overwrites title", ('rows(apps).update(title="")', before))
        self.check("overwrites title", ("Titles()(apps)", before))
        self.check("nothing", ('X(apps.y).update(title="")', before))
