"""Which table a view shows as it is, and what its columns are called."""

import unittest

from quality_harness.migrations.sql.tokens import words
from quality_harness.migrations.sql.views import shown


def told(sql: str) -> tuple[str, tuple[str, ...]]:
    return shown(list(words(sql)))


class ShownTest(unittest.TestCase):
    def test_one_table_as_it_is(self) -> None:
        self.assertEqual(("shop_item", ()), told("CREATE VIEW v AS SELECT * FROM shop_item;"))
        self.assertEqual(
            ("shop_item", ("id", "name")),
            told('CREATE OR REPLACE VIEW v AS SELECT id, "name" FROM shop_item'),
        )

    def test_something_else(self) -> None:
        for sql in (
            "SELECT * FROM shop_item WHERE id > 1",
            "SELECT * FROM shop_item, shop_order",
            "SELECT DISTINCT id FROM shop_item",
            "SELECT id AS key FROM shop_item",
            "SELECT 1",
            "WITH a AS (SELECT 1) SELECT id FROM a",
            "TABLE shop_item",
        ):
            with self.subTest(sql):
                self.assertEqual("", told(f"CREATE VIEW v AS {sql}")[0])
        self.assertEqual("", told("CREATE VIEW v (a) AS SELECT id FROM shop_item")[0])
        self.assertEqual(("", ()), told("CREATE VIEW v"))

    def test_names_of_columns(self) -> None:
        for sql, names in (
            ("SELECT a.id, b.name AS title, count(*) total FROM a, b", ("id", "title", "total")),
            ("SELECT extract(year FROM at) AS year, id FROM a", ("year", "id")),
            ("SELECT DISTINCT id, name FROM a", ()),
            ("SELECT id, a + b FROM a", ()),
            ("SELECT id, a.* FROM a", ()),
            ("SELECT id, 1 FROM a", ()),
            ("SELECT id, 'x' FROM a", ()),
            ("SELECT FROM a", ()),
        ):
            with self.subTest(sql):
                self.assertEqual(names, told(f"CREATE VIEW v AS {sql}")[1])

    def test_names_that_the_view_gives(self) -> None:
        sql = 'CREATE VIEW v (Key, "total") AS SELECT id, count(*) FROM a GROUP BY id'
        self.assertEqual(("", ("key", "total")), told(sql))
