"""Which SQL statements are found, and which look-alikes are not."""

import unittest
from collections.abc import Iterator

from sqlparse import tokens as kinds
from sqlparse.lexer import tokenize

from quality_harness.migrations.evaluator.values import HOLE
from quality_harness.migrations.sql.functions import run_functions
from quality_harness.migrations.sql.schema import effects
from quality_harness.migrations.sql.statements import Act, find
from quality_harness.migrations.sql.tokens import words

LEXEMES = (
    "SELECT 'it''s', E'a\\'b', \"a \"\"b\".c, `x``y`, [a b], a[1], '' -- no; word\nFROM t",
    "# a comment\n#t + ##u @v := 1 :: text, a->>'b', a #>> '{b}', a ?| b, a <> -1.5e3 - .5 * 0xff",
    "DO $$ BEGIN NULL; END $$; SELECT $tag$ it's $$ $tag$, $1, :name, %s, %(name)s, a$b",
    "ALTER TABLE part_known_at_run_time ADD \u00fcber int NOT NULL; \\connect a /* b\n'c */ 1",
    "SELECT a[b], 'unclosed",
    "/* unclosed $$ a \u20ac",
)


def found(sql: str) -> list[str]:
    return [str(statement) for statement in find(sql)]


class DropTest(unittest.TestCase):
    def test_tables_of_one_statement(self) -> None:
        self.assertEqual(
            ["drops table a", 'drops table "b".c'], found('DROP TABLE IF EXISTS a, "b".c CASCADE')
        )

    def test_columns_beside_other_actions(self) -> None:
        sql = "ALTER TABLE ONLY t ADD COLUMN a numeric(1, 2), DROP a, DROP COLUMN IF EXISTS b"
        self.assertEqual(["drops column t.a", "drops column t.b"], found(sql))

    def test_partition(self) -> None:
        self.assertEqual(["drops partition t.p1"], found("ALTER TABLE t DROP PARTITION p1"))

    def test_foreign_table(self) -> None:
        sql = "DROP FOREIGN TABLE a; ALTER FOREIGN TABLE b DROP COLUMN c"
        self.assertEqual(["drops table a", "drops column b.c"], found(sql))

    def test_schema_database_and_sequence(self) -> None:
        self.assertEqual(
            ["drops schema a", "drops database b", "drops sequence c"],
            found("drop schema a; drop database b; drop sequence c"),
        )

    def test_owned(self) -> None:
        self.assertEqual(["drops all that is owned by bob"], found("DROP OWNED BY bob"))

    def test_type_only_with_its_columns(self) -> None:
        self.assertEqual(
            ["drops with every column that uses it type mood"],
            found("DROP TYPE other; DROP TYPE mood CASCADE"),
        )

    def test_index_and_function_are_no_data(self) -> None:
        self.assertEqual([], found("DROP INDEX a; DROP FUNCTION b(int); DROP TRIGGER c ON d"))

    def test_constraints_and_keys_are_no_data(self) -> None:
        sql = "ALTER TABLE t DROP CONSTRAINT a, DROP INDEX b, DROP PRIMARY KEY, DROP FOREIGN KEY c"
        self.assertEqual([], found(sql))

    def test_nameless_statement_names_nothing(self) -> None:
        self.assertEqual([], found("DROP; ALTER; ALTER TABLE; ALTER TABLE t"))
        self.assertEqual(["drops column t.…"], found("ALTER TABLE t DROP"))


class OwnTablesTest(unittest.TestCase):
    def test_table_made_in_the_same_text(self) -> None:
        sql = "CREATE TABLE n (a int); ALTER TABLE n RENAME TO m; DELETE FROM n; TRUNCATE n"
        self.assertEqual([], found(sql))

    def test_table_that_may_have_been_there(self) -> None:
        sql = "CREATE TABLE IF NOT EXISTS n (a int); DROP TABLE n"
        self.assertEqual(["drops table n"], found(sql))

    def test_temporary_table_is_new_even_then(self) -> None:
        self.assertEqual([], found("CREATE TEMP TABLE IF NOT EXISTS n (a int); DROP TABLE n"))

    def test_table_made_later(self) -> None:
        self.assertEqual(["drops table n"], found("DROP TABLE n; CREATE TABLE n (a int)"))

    def test_table_of_unknown_name_stands_for_no_other(self) -> None:
        sql = f"CREATE TABLE {HOLE} (a int); DROP TABLE {HOLE}"
        self.assertEqual(["drops table …"], found(sql))

    def test_view_made_again(self) -> None:
        sql = "DROP VIEW v, w; CREATE OR REPLACE VIEW v AS SELECT 1"
        self.assertEqual(["drops view w"], found(sql))


class RowsTest(unittest.TestCase):
    def test_delete_in_a_common_table_expression(self) -> None:
        sql = "WITH d AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM d"
        self.assertEqual(["deletes rows of table a"], found(sql))

    def test_delete_of_several_tables(self) -> None:
        self.assertEqual(["deletes rows of table a"], found("DELETE a, b FROM a JOIN b"))

    def test_delete_in_a_merge(self) -> None:
        sql = "MERGE INTO a USING b ON a.id = b.id WHEN MATCHED THEN DELETE"
        told = [str(each) for each in effects(sql)]
        self.assertEqual(["writes rows of table a", "deletes rows of table a"], told)

    def test_truncate_several(self) -> None:
        self.assertEqual(
            ["empties table a", "empties table b"], found("TRUNCATE TABLE a, b RESTART IDENTITY")
        )

    def test_privileges_and_rules_delete_nothing(self) -> None:
        sql = (
            "GRANT EXECUTE ON FUNCTION f TO b; REVOKE EXECUTE ON FUNCTION f FROM b;"
            "REVOKE DELETE ON a FROM b; GRANT DELETE ON a TO b; COMMENT ON TABLE a IS 'delete';"
            "CREATE RULE r AS ON DELETE TO a DO INSTEAD DELETE FROM c"
        )
        self.assertEqual([], found(sql))

    def test_word_delete_alone(self) -> None:
        self.assertEqual(
            [], found("ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE")
        )
        self.assertEqual([], found("SELECT a.delete FROM a"))


class RenameTest(unittest.TestCase):
    def test_table_column_and_schema(self) -> None:
        self.assertEqual(
            ["renames table a", "renames column a.b", "renames column a.c"],
            found("ALTER TABLE a RENAME TO z; ALTER TABLE a RENAME b TO y, RENAME COLUMN c TO x"),
        )
        self.assertEqual(["renames schema s"], found("ALTER SCHEMA s RENAME TO r"))
        self.assertEqual(["renames view v"], found("ALTER MATERIALIZED VIEW v RENAME TO w"))
        self.assertEqual(
            ["renames table a (to another schema)"], found("ALTER TABLE a SET SCHEMA b")
        )

    def test_mysql(self) -> None:
        self.assertEqual(
            ["renames table a", "renames table b"], found("RENAME TABLE a TO c, b TO d")
        )
        self.assertEqual(["renames table a"], found("ALTER TABLE a RENAME b"))
        self.assertEqual(["renames column t.a"], found("ALTER TABLE t CHANGE COLUMN a b int"))
        self.assertEqual([], found("ALTER TABLE t CHANGE `a` a int"))

    def test_look_alikes(self) -> None:
        for sql in (
            "ALTER INDEX a RENAME TO b",
            "ALTER SEQUENCE a RENAME TO b",
            "ALTER TABLE a_id_seq RENAME TO b_id_seq",
            "ALTER TABLE t RENAME CONSTRAINT a TO b",
            "ALTER TABLE t RENAME INDEX a TO b",
            "ALTER VIEW v ALTER COLUMN rename_me SET DEFAULT 1",
            "ALTER TABLE t SET (fillfactor = 70), ADD COLUMN renamed boolean",
            "RENAME USER a TO b",
        ):
            with self.subTest(sql=sql):
                self.assertEqual([], found(sql))


class NotRunTest(unittest.TestCase):
    def test_comments_and_literals(self) -> None:
        sql = "-- drop table a\nSELECT 'it''s; DROP TABLE a', \"truncate\" /* ; DROP TABLE b */"
        self.assertEqual([], found(sql))

    def test_body_of_a_function(self) -> None:
        sql = "CREATE OR REPLACE FUNCTION f() RETURNS void AS $x$ DROP TABLE a; $x$ LANGUAGE sql"
        self.assertEqual([], found(sql))

    def test_body_between_begin_and_end(self) -> None:
        sql = """
            CREATE TRIGGER t AFTER DELETE ON a FOR EACH ROW BEGIN
                IF 1 THEN DELETE FROM b; END IF;
                CASE x WHEN 1 THEN DELETE FROM c; END CASE;
                DELETE FROM d;
            END;
            DROP TABLE e
        """
        self.assertEqual(["drops table e"], found(sql))

    def test_stray_end_ends_no_block(self) -> None:
        sql = "CREATE TRIGGER end AFTER DELETE ON a EXECUTE FUNCTION f(); DROP TABLE b"
        self.assertEqual(["drops table b"], found(sql))

    def test_harmless_text(self) -> None:
        self.assertEqual((), find("SELECT 1"))


class BlocksTest(unittest.TestCase):
    def test_do_block(self) -> None:
        sql = """
            DO $$ BEGIN
                IF true THEN DELETE FROM a; ELSE TRUNCATE b; END IF;
                FOR r IN SELECT 1 LOOP DROP TABLE c; END LOOP;
            END $$;
        """
        self.assertEqual(
            ["deletes rows of table a", "empties table b", "drops table c"], found(sql)
        )

    def test_do_block_in_plain_quotes(self) -> None:
        self.assertEqual(["drops table a"], found("DO 'BEGIN DROP TABLE a; END'"))

    def test_text_that_is_executed(self) -> None:
        self.assertEqual(
            ["drops table …"], found("DO $$ BEGIN EXECUTE 'drop table ' || name; END $$")
        )
        self.assertEqual(
            ["drops column ….…"],
            found("DO $$ BEGIN EXECUTE format('ALTER TABLE %I DROP COLUMN %1$I', a); END $$"),
        )

    def test_literal_in_a_text_that_is_executed(self) -> None:
        self.assertEqual([], found("DO $$ BEGIN EXECUTE 'SELECT ''; DROP TABLE a'''; END $$"))

    def test_loop_over_an_array(self) -> None:
        def looped(array: str) -> list[str]:
            drops = "EXECUTE format('DROP TABLE %I', t);"
            body = f"FOREACH t IN ARRAY {array} LOOP {drops} DELETE FROM z; END LOOP; {drops}"
            return found(f"DO $$ BEGIN {body} END $$")

        for array in ("ARRAY['a', 'b']", "ARRAY['a','b']::text[]"):
            drops = ["drops table a", "drops table b"]
            self.assertEqual([*drops, "deletes rows of table z", "drops table …"], looped(array))
        self.assertEqual(
            ["drops table …"],
            found(
                "DO $$ BEGIN FOREACH t IN ARRAY ARRAY['a'] LOOP t := t || 'b'; "
                "EXECUTE format('DROP TABLE %I', t); END LOOP; END $$"
            ),
        )
        unknown = ["drops table …", "deletes rows of table z", "drops table …"]
        for array in ("ARRAY['a', x]", "ARRAY['a' || x]", "ARRAY['a'] || x", "ARRAY[]", "names"):
            with self.subTest(array):
                self.assertEqual(unknown, looped(array))

    def test_variable_that_is_executed(self) -> None:
        (statement,) = find("DO $$ BEGIN EXECUTE query; END $$")
        self.assertIs(Act.UNKNOWN, statement.act)
        self.assertIn("EXECUTE query", str(statement))

    def test_prepared_text(self) -> None:
        self.assertEqual(["drops table a"], found("PREPARE p FROM 'DROP TABLE a'"))

    def test_prepared_statement_counts_once(self) -> None:
        text = "PREPARE p (int) AS DELETE FROM a WHERE id = $1; EXECUTE p(1)"
        self.assertEqual(["deletes rows of table a"], found(text))
        self.assertEqual([], found("PREPARE p AS SELECT 'delete'; EXECUTE p"))

    def test_format_with_names_that_are_written_out(self) -> None:
        body = "EXECUTE format('DROP TABLE %I', {});"
        quoted = body.format("'a'")
        self.assertEqual(["drops table a"], found(f"DO $$ BEGIN {quoted} END $$"))
        for given in ("a", "'a', 'b'", "'a' || b"):
            with self.subTest(given=given):
                text = f"DO $$ BEGIN {body.format(given)} END $$"
                (statement,) = found(text)
                self.assertIn("drops table …", statement)


class HolesTest(unittest.TestCase):
    def acts(self, sql: str) -> list[Act]:
        return [statement.act for statement in find(sql)]

    def test_verb_is_unknown(self) -> None:
        for sql in (
            HOLE,
            f"{HOLE} TABLE a",
            f"ALTER TABLE a {HOLE}",
            f"ALTER {HOLE} a RENAME TO b",
            f"DROP {HOLE} a",
            f"SELECT 1; {HOLE}",
        ):
            with self.subTest(sql=sql):
                self.assertEqual([Act.UNKNOWN], self.acts(sql))

    def test_upper_case_hole(self) -> None:
        self.assertEqual("…", find(HOLE * 3)[0].target)
        self.assertEqual([Act.UNKNOWN], self.acts(f"{HOLE} TABLE a".upper()))

    def test_name_is_unknown(self) -> None:
        self.assertEqual([], self.acts(f"INSERT INTO {HOLE} VALUES ({HOLE})"))
        self.assertEqual([], self.acts(f"ALTER TABLE {HOLE} ADD COLUMN {HOLE} int"))
        self.assertEqual(["drops table app_…"], found(f"DROP TABLE app_{HOLE}"))


class UpsertTest(unittest.TestCase):
    def test_what_a_conflict_overwrites(self) -> None:
        told = effects("INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET b = 1")
        self.assertEqual([("b",)], [each.columns for each in told if each.act is Act.UPDATE])

    def test_what_a_conflict_leaves_alone(self) -> None:
        sql = "INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) DO NOTHING"
        self.assertEqual([], [each for each in effects(sql) if each.act is Act.UPDATE])


class MadeFunctionsTest(unittest.TestCase):
    MAKE = "CREATE FUNCTION wipe() RETURNS void AS $$ DELETE FROM t $$ LANGUAGE sql;"

    def test_one_that_is_called(self) -> None:
        told = list(run_functions(f"{self.MAKE} SELECT wipe();", {}))
        self.assertIn(Act.DELETE, [each.act for each in told])

    def test_one_that_is_only_spoken_of(self) -> None:
        spoken = (
            "COMMENT ON FUNCTION wipe() IS 'x'; DROP FUNCTION wipe(); CREATE VIEW v AS SELECT 1"
        )
        told = [each.act for each in run_functions(f"{self.MAKE} {spoken}", {})]
        self.assertEqual([Act.FUNCTION], told)


class WordsTest(unittest.TestCase):
    def test_they_are_those_of_a_parser_for_every_database(self) -> None:
        for sql in LEXEMES:
            with self.subTest(sql):
                found = [each.text for each in words(sql)]
                self.assertEqual(found, list(self.parsed(sql)))

    def parsed(self, sql: str) -> Iterator[str]:
        for kind, text in tokenize(sql):
            if kind is kinds.Literal or kind in kinds.String.Single or text[0] in '"`[':
                yield text
            elif kind not in kinds.Whitespace and kind not in kinds.Comment:
                # It joins some keywords.
                yield from text.split()

    def test_what_literals_say(self) -> None:
        literals = [each.literal for each in words("'it''s' $a$it's$a$ $$$$ \"a\" b")]
        self.assertEqual(literals, ["it's", "it's", "", None, None])

    def test_what_may_be_a_keyword(self) -> None:
        self.assertEqual(
            [each.upper for each in words('drop "drop" [drop] (')], ["DROP", "", "", "("]
        )


class MadeAndRunTest(unittest.TestCase):
    def told(self, sql: str) -> list[str]:
        return [str(each) for each in (*find(sql), *effects(sql))]

    def test_collation_takes_its_columns_along(self) -> None:
        self.assertIn("every column", self.told("DROP COLLATION a CASCADE")[0])
        self.assertEqual([], self.told("DROP COLLATION a"))

    def test_select_into_makes_a_table(self) -> None:
        for kind in ("", "TABLE ", "TEMP TABLE ", "UNLOGGED "):
            with self.subTest(kind):
                self.assertEqual(["makes table b"], self.told(f"SELECT * INTO {kind}b FROM a"))
        self.assertEqual(["makes table b"], self.told("SELECT * INTO b FROM a; DROP TABLE b"))
        self.assertEqual(["drops table b"], self.told("SELECT 1; DROP TABLE b"))

    def test_queries_that_are_explained_or_copied(self) -> None:
        update = "UPDATE a SET b = 1"
        self.assertEqual(["overwrites rows of table a"], self.told(f"EXPLAIN ANALYZE {update}"))
        self.assertEqual([], self.told(f"EXPLAIN {update}"))
        self.assertEqual([], self.told("EXPLAIN ANALYZE SELECT * FROM update_log"))
        copied = f"COPY ({update} RETURNING id) TO STDOUT"
        self.assertEqual(["overwrites rows of table a"], self.told(copied))
