from quality_harness.changes import ask_git, repository_files
from quality_harness.init.copying import copied
from tests.harness.projects import ProjectCase


class CopyTests(ProjectCase):
    def test_it_holds_the_working_tree_and_the_history(self):
        self.commit({"a.py": "x = 1\n"})
        self.commit({"b.py": "y = 1\n"})
        self.write({"a.py": "x = 2\n", "new.py": "z = 1\n"})

        with copied(self.root) as copy:
            status = ask_git(copy, "status", "--porcelain").decode().splitlines()
            count = ask_git(copy, "rev-list", "--count", "HEAD").decode().strip()

            self.assertEqual(status, [" M a.py", "?? new.py"])
            self.assertEqual(count, "2")
            self.assertEqual((copy / "a.py").read_text(), "x = 2\n")
        self.assertFalse(copy.exists())

    def test_small_ignored_files_come_along_and_databases_do_not(self):
        self.write({".gitignore": ".env\n*.sqlite3\nbuilt/\n", ".env": "A=1\n", "a.py": ""})
        self.write({"db.sqlite3": "x" * 2**20, "built/b.py": "", "fifo": ""})

        with copied(self.root) as copy:
            self.assertTrue((copy / ".env").is_file())
            self.assertFalse((copy / "db.sqlite3").exists())
            self.assertFalse((copy / "built").exists())

    def test_links_stay_links(self):
        self.write({"a.py": "x = 1\n"})
        (self.root / "b.py").symlink_to("a.py")

        with copied(self.root) as copy:
            self.assertTrue((copy / "b.py").is_symlink())

    def test_a_folder_of_a_repository_keeps_its_place(self):
        self.commit({"backend/a.py": "x = 1\n", "frontend/b.js": ""})

        with copied(self.root / "backend") as copy:
            self.assertEqual(copy.name, "backend")
            self.assertEqual(repository_files(copy), ("a.py",))

    def test_a_shallow_clone_stays_one(self):
        self.commit({"a.py": "x = 1\n"})
        self.commit({"a.py": "x = 2\n"})
        self.git("clone", "--quiet", "--depth=1", f"file://{self.root}", str(self.root / "clone"))

        with copied(self.root / "clone") as copy:
            shallow = ask_git(copy, "rev-parse", "--is-shallow-repository").decode().strip()

            self.assertEqual(shallow, "true")
