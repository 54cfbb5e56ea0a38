"""SQL that a migration reads from a file of the tree."""

from .trees import HEADER, TreeCase

PATH = "blog/migrations/0002_sql.py"
IMPORTS = "import os\nfrom pathlib import Path\n"


class FilesTest(TreeCase):
    def told(self, expression: str, before: str = "") -> list[str]:
        """Return what the operations of a migration do that runs an expression as SQL."""
        self.write("blog/sql/drop.sql", "DROP TABLE blog_post")
        self.write(
            PATH,
            f"{HEADER}{IMPORTS}{before}\n\nclass Migration(migrations.Migration):\n"
            f"    operations = [migrations.RunSQL({expression}, '')]\n",
        )
        (migration,) = self.reading().migrations
        found = [each for each in migration.operations if each.statements or each.problem]
        return [each.problem or str(each.statements[0]) for each in found]

    def assert_read(self, expression: str, before: str = "") -> None:
        self.assertEqual(["drops table blog_post"], self.told(expression, before))

    def assert_untold(self, expression: str) -> None:
        self.assertEqual(["the SQL of sql is known only at run time"], self.told(expression))

    def test_file_that_is_no_text(self) -> None:
        self.write("blog/sql/bytes.sql", b"DROP TABLE \xff")
        self.assert_untold("(Path(__file__).parents[1] / 'sql' / 'bytes.sql').read_text()")

    def test_path_by_parents(self) -> None:
        self.assert_read("(Path(__file__).resolve().parents[1] / 'sql' / 'drop.sql').read_text()")

    def test_path_by_parent(self) -> None:
        self.assert_read("Path(__file__).parent.parent.joinpath('sql', 'drop.sql').read_text()")

    def test_path_by_name(self) -> None:
        self.assert_read("Path(__file__, '..', '..', 'sql', 'x').with_name('drop.sql').read_text()")

    def test_path_by_its_own_name(self) -> None:
        self.write("blog/migrations/0002_sql.sql", "DROP TABLE blog_post")
        for expression in (
            "Path(__file__).with_suffix('.sql').read_text()",
            "Path(__file__).with_name(f'{Path(__file__).stem}.sql').read_text()",
        ):
            with self.subTest(expression=expression):
                self.assert_read(expression)

    def test_path_by_os(self) -> None:
        path = "os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'sql', 'drop.sql')"
        self.assert_read(f"open({path}).read()")

    def test_opened_in_a_block(self) -> None:
        path = "Path(__file__).parents[1] / 'sql' / 'drop.sql'"
        self.assert_read("SQL", f"with open({path}) as file:\n    SQL = file.read()\n")

    def test_file_of_a_package(self) -> None:
        self.write("blog/__init__.py", "")
        before = "import blog, pkgutil\nfrom importlib import resources\n"
        for expression in (
            "resources.files('blog').joinpath('sql/drop.sql').read_text()",
            "(resources.files(blog) / 'sql' / 'drop.sql').read_bytes().decode()",
            "(resources.files(__package__) / '../sql/drop.sql').read_text()",
            "resources.read_text('blog', 'sql/drop.sql')",
            "pkgutil.get_data('blog', 'sql/drop.sql').decode('utf-8')",
        ):
            with self.subTest(expression=expression):
                self.assert_read(expression, before)

    def test_file_of_a_package_that_is_not_in_the_tree(self) -> None:
        before = "import pkgutil\nfrom importlib import resources\n"
        for expression in ("resources.files('theirs').read_text()", "pkgutil.get_data(X, 'y')"):
            with self.subTest(expression=expression):
                told = self.told(expression, before)
                self.assertEqual(["the SQL of sql is known only at run time"], told)

    def test_file_that_is_missing(self) -> None:
        self.assert_untold("(Path(__file__).parent / 'none.sql').read_text()")

    def test_file_above_the_tree(self) -> None:
        self.assert_untold("Path(__file__).joinpath('../../../../x.sql').read_text()")

    def test_what_no_path_gives(self) -> None:
        self.assert_untold("Path(__file__).suffixes")
        self.assert_untold("Path(__file__).with_suffix(os.sep).read_text()")
        self.assert_untold("Path(__file__).glob('*')")
        self.assert_untold("(Path(__file__) / os.sep).read_text()")
        self.assert_untold("(os.sep / Path(__file__)).read_text()")
        self.assert_untold("open(os.sep).read()")

    def told_of_each(self, operations: str, before: str = "") -> list[str]:
        """Return what the operations of an expression do, beside a file that is no SQL."""
        self.write("blog/sql/a.sql", "DROP TABLE blog_a")
        self.write("blog/sql/deep/b.sql", "DROP TABLE blog_b")
        self.write("blog/sql/notes.txt", "DROP TABLE blog_notes")
        self.write("blog/sql/.a.sql.swp", "DROP TABLE blog_swap")
        self.write(
            PATH,
            f"{HEADER}{IMPORTS}import glob\n"
            f"FOLDER = Path(__file__).parents[1] / 'sql'\n{before}\n\n"
            f"class Migration(migrations.Migration):\n    operations = {operations}\n",
        )
        (migration,) = self.reading().migrations
        found = [each for each in migration.operations if each.statements or each.problem]
        return [each.problem or str(each.statements[0]) for each in found]

    def test_files_of_a_folder(self) -> None:
        for files, expected in (
            ("sorted(FOLDER.glob('*.sql'))", ["a"]),
            ("sorted(FOLDER.rglob('*.sql'))", ["a", "b"]),
            ("[FOLDER / name for name in glob.glob('*.sql', root_dir=FOLDER)]", None),
            ("sorted(Path(p) for p in glob.glob(os.path.join(FOLDER, '*.sql')))", ["a"]),
            ("[p for p in sorted(FOLDER.iterdir()) if p.suffix == '.sql']", ["a"]),
            ("[e.path for e in os.scandir(FOLDER) if e.name.endswith(('.sql', '.psql'))]", ["a"]),
            ("[FOLDER / n for n in sorted(os.listdir(FOLDER)) if not n.startswith('not')]", None),
            ("[FOLDER / n for n in os.listdir(FOLDER) if n.endswith('l')]", ["a"]),
        ):
            with self.subTest(files=files):
                told = self.told_of_each(
                    f"[migrations.RunSQL(open(each).read(), '') for each in {files}]"
                )
                if expected is None:
                    self.assertTrue(any("known only at run time" in each for each in told), told)
                else:
                    self.assertEqual([f"drops table blog_{each}" for each in expected], told)

    def test_files_of_a_folder_in_a_loop_of_a_function(self) -> None:
        function = (
            "def run(apps, schema_editor):\n"
            "    for each in sorted(FOLDER.rglob('*.sql')):\n"
            "        schema_editor.execute(each.read_text(encoding='utf-8'))\n"
        )
        self.told_of_each("[migrations.RunPython(run)]", function)
        (migration,) = self.reading().migrations
        does = {deed.does for each in migration.operations for deed in each.deeds}
        self.assertEqual({"drops table blog_a", "drops table blog_b"}, does)

    def test_name_of_a_file_of_a_folder(self) -> None:
        name = "os.path.basename(FOLDER / 'a.sql').partition('.')"
        told = self.told_of_each(
            "[migrations.RunSQL(f'DROP TABLE {os.path.basename(each)}') "
            "for each in FOLDER.glob('*.sql')]",
            f"NAME = {name}\n",
        )
        self.assertEqual(["drops table a.sql"], told)

    def test_folder_that_cannot_be_listed(self) -> None:
        for files in (
            "FOLDER.glob('*.none')",
            "FOLDER.glob(os.sep)",
            "FOLDER.glob()",
            "FOLDER.glob('../*/*.sql')",
            "(FOLDER / '../../../..').iterdir()",
            "os.listdir(FOLDER / 'missing')",
            "[each for each in FOLDER.glob('*.sql') if each.name.endswith(os.sep)]",
        ):
            with self.subTest(files=files):
                told = self.told_of_each(
                    f"[migrations.RunSQL(each.read_text(), '') for each in {files}]"
                )
                self.assertNotEqual([], told)
                if "endswith" not in files:
                    self.assertNotIn("drops", told[0])

    def test_path_that_is_no_operation(self) -> None:
        self.write(
            PATH,
            f"{HEADER}\n\nclass Migration(migrations.Migration):\n    operations = [__file__]\n",
        )
        (migration,) = self.reading().migrations
        self.assertEqual(f"the file {PATH}", migration.operations[0].problem)
