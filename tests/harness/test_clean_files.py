from quality_harness.clean_files import CleanFiles
from tests.harness.projects import ProjectCase


class CleanFilesTests(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write({"a.py": "x = 1\n", "b.py": "x = 1\n"})

    def clean(self, state: str = "flake8 7") -> CleanFiles:
        return CleanFiles.of(self.root, "flake8", state)

    def digest(self, name: str = "a.py", state: str = "flake8 7") -> str:
        return self.clean(state).digests(self.root, [name])[name]

    def test_a_digest_depends_on_the_name_the_content_and_the_state(self):
        digests = {self.digest(), self.digest("b.py"), self.digest(state="flake8 8")}
        self.write({"a.py": "x = 2\n"})
        digests.add(self.digest())

        self.assertEqual(len(digests), 4)

    def test_what_is_remembered_is_known_afterwards(self):
        self.clean().remember({"one", "two"})

        self.assertEqual(self.clean().known(), {"one", "two"})

    def test_without_a_memory_nothing_is_known(self):
        self.assertEqual(self.clean().known(), frozenset())

    def test_a_damaged_memory_is_none(self):
        self.clean().store.write_text("{")

        self.assertEqual(self.clean().known(), frozenset())

    def test_git_does_not_see_the_memory(self):
        self.clean().remember({"one"})

        self.assertNotIn(".quality_harness", self.git("status", "--porcelain"))
