import contextlib
import io
import json
import os
import tempfile
import unittest
from collections.abc import Sequence
from pathlib import Path
from unittest import mock

from black.files import _load_toml

from quality_harness.gates import _black_run
from quality_harness.kept_verdicts import KeptVerdicts


class BlackRunTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        (self.root / ".git").mkdir()
        (self.root / "a.py").write_text("x=1\n")
        self.enterContext(contextlib.chdir(self.root))
        self.enterContext(mock.patch.dict(os.environ, {"NO_COLOR": "1"}))

    def run_black(
        self, *excluded: str, fresh: bool = True, forced: Sequence[str] = ()
    ) -> tuple[int, KeptVerdicts, str]:
        """Return the exit code, what is kept, and what black said."""
        Path("request.json").write_text(
            json.dumps({"excluded": excluded, "fresh": fresh, "forced": forced})
        )
        with (
            contextlib.redirect_stderr(io.StringIO()) as said,
            self.assertRaises(SystemExit) as end,
        ):
            _black_run.main("request.json", "answer.json")
        answer = json.loads(Path("answer.json").read_text())
        return int(end.exception.code or 0), KeptVerdicts(**answer), said.getvalue()

    def configure(self, *lines: str) -> str:
        """Write black's settings and return the state that they make."""
        # black reads a file of settings once in a process.
        _load_toml.cache_clear()
        (self.root / "pyproject.toml").write_text("\n".join(["[tool.black]", *lines, ""]))
        return self.run_black()[1].state

    def test_a_file_of_which_nothing_is_kept_is_read(self):
        code, kept, said = self.run_black()

        self.assertEqual((code, kept.unread), (1, ["a.py"]))
        self.assertIn(f"would reformat {self.root}/a.py\n", said)

    def test_what_is_committed_although_it_is_ignored_is_read(self):
        Path("a.py").unlink()
        for name in ("b.py", "c.py", "samples/d.py"):
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text("x=1\n")
        Path(".gitignore").write_text("b.py\nc.py\nsamples/\n")
        self.configure('extend-exclude = "samples"')

        _, unforced, _ = self.run_black()
        _, forced, said = self.run_black(forced=("b.py", "samples/d.py"))

        self.assertEqual((unforced.unread, forced.unread), ([], ["b.py"]))
        self.assertIn(f"would reformat {self.root}/b.py\n", said)

    def test_settings_that_exclude_by_themselves_go_by_no_gitignore(self):
        Path("b.py").write_text("x=1\n")
        Path(".gitignore").write_text("a.py\n")
        self.configure('exclude = "b"')

        _, kept, _ = self.run_black(forced=("b.py",))

        self.assertEqual(kept.unread, ["a.py"])

    def test_one_whose_verdict_is_kept_is_not_read(self):
        self.run_black()[1].keep({"a.py": [["would reformat"]]})

        code, kept, said = self.run_black(fresh=False)

        self.assertEqual((code, said), (0, ""))
        self.assertEqual(kept.rows, {"a.py": [["would reformat"]]})

    def test_what_no_gate_looks_at_is_not_read(self):
        (self.root / "samples").mkdir()
        (self.root / "samples" / "b.py").write_text("def (:\n")
        (self.root / "samples.py").write_text("x = 1\n")

        # Several files would be read in processes, which a process of Django's runner may not have.
        with mock.patch.object(_black_run.black.main, "invoke") as invoke:
            kept = self.run_black("samples")[1]

        self.assertEqual(kept.unread, ["a.py", "samples.py"])
        here = [".", str(self.root / "a.py"), str(self.root / "samples.py")]
        self.assertEqual(list(invoke.call_args.args[0].params["src"]), here)

    def test_the_state_depends_on_the_settings_and_on_the_versions(self):
        states = [
            self.configure(),
            self.configure("line-length = 90"),
            self.configure("target-version = ['py311']"),
            self.configure("preview = true"),
            self.configure("preview = true", "enable-unstable-feature = ['string_processing']"),
            self.configure("skip-magic-trailing-comma = true"),
        ]
        with mock.patch.object(_black_run, "versions", return_value=["black 99"]):
            states.append(self.configure())

        self.assertEqual(len(set(states)), 7)
        self.assertEqual(self.configure(), states[0])

    def test_blacks_own_memory_is_never_asked(self):
        with mock.patch.object(_black_run.black.main, "invoke") as invoke:
            self.run_black(fresh=True)
            self.run_black(fresh=False)
            self.configure("no-cache = false")
            self.run_black(fresh=False)

        left_out = [call.args[0].params["no_cache"] for call in invoke.call_args_list]
        self.assertEqual(left_out, [True, True, True, True])
