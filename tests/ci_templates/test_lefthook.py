import os
import shutil
import subprocess
import sysconfig
import tempfile

from django.test import tag

from tests.ci_templates.shipped import TEMPLATES
from tests.harness.projects import ProjectCase

GOOD = "VALUE = 1\n"
UNFORMATTED = "VALUE=1\n"


@tag("slow")
class LefthookTests(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        # Of the commit that runs the tests, perhaps.
        for name in ("LEFTHOOK", "LEFTHOOK_EXCLUDE", "GIT_DIR", "GIT_INDEX_FILE"):
            os.environ.pop(name, None)
        shutil.copy(TEMPLATES / "lefthook/lefthook.yml", self.root)
        self.commit({"app.py": GOOD})
        subprocess.run(
            ["lefthook", "install"], cwd=self.root, check=True, capture_output=True, text=True
        )

    def refusal(self, **variables: str) -> str:
        """Commit what is staged; return what the hook said against it, nothing where it passed."""
        done = subprocess.run(
            ["git", "commit", "--quiet", "--message=feat: change"],
            cwd=self.root,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr if done.returncode else ""

    def stage(self, files: dict[str, str]) -> None:
        self.write(files)
        self.git("add", *files)

    def test_a_clean_file_passes(self):
        self.stage({"app.py": "VALUE = 2\n"})

        self.assertEqual(self.refusal(), "")

    def test_each_refusal_says_what_mends_it(self):
        self.stage({"app.py": UNFORMATTED})

        said = self.refusal()

        # A whole project may be unlike black; the files of this commit alone are named.
        self.assertRegex(said, r"would reformat \S*app\.py\n")
        self.assertIn("named above: black FILE && git add FILE", said)
        self.assertIn("E225", said)
        self.assertIn("flake8 found something. Mend the lines above", said)

    def test_files_at_any_depth_and_of_any_name_are_judged(self):
        name = 'shop/it\'s a "name".py'
        self.stage({name: UNFORMATTED})

        self.assertIn("named above: black", self.refusal())

    def test_what_is_not_staged_is_not_judged(self):
        self.write({"other.py": UNFORMATTED})
        self.stage({"app.py": "VALUE = 2\n"})

        self.assertEqual(self.refusal(), "")

    def test_the_staged_part_of_a_file_is_judged_and_the_rest_of_it_kept(self):
        self.stage({"app.py": UNFORMATTED})
        self.write({"app.py": GOOD + "MORE = 2\n"})

        self.assertIn("named above: black", self.refusal())
        self.assertEqual((self.root / "app.py").read_text(), GOOD + "MORE = 2\n")

    def test_a_part_that_is_not_staged_blocks_nothing_and_is_kept(self):
        self.stage({"app.py": "VALUE = 2\n"})
        self.write({"app.py": "VALUE = 2\nMORE=3\n"})

        self.assertEqual(self.refusal(), "")
        self.assertEqual((self.root / "app.py").read_text(), "VALUE = 2\nMORE=3\n")
        self.assertEqual(self.git("show", "HEAD:app.py"), "VALUE = 2")

    def test_a_deleted_file_and_one_without_python_pass(self):
        self.git("rm", "--quiet", "app.py")
        self.stage({"notes.txt": "VALUE=1\n"})

        self.assertEqual(self.refusal(), "")

    def test_a_missing_tool_is_no_pass(self):
        self.stage({"app.py": "VALUE = 2\n"})

        tools = self.enterContext(tempfile.TemporaryDirectory())
        os.symlink(str(shutil.which("lefthook")), f"{tools}/lefthook")

        self.assertIn("black: not found", self.refusal(PATH=f"{tools}:/usr/bin:/bin"))

    def test_without_lefthook_nothing_passes_unseen(self):
        self.stage({"app.py": "VALUE = 2\n"})

        self.assertIn("lefthook is not on the PATH", self.refusal(PATH="/usr/bin:/bin"))
