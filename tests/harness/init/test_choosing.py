import unittest
from dataclasses import replace
from pathlib import Path

from quality_harness.engine import discover_gates
from quality_harness.init.choosing import EXTRAS, LOADING, OF_CHANGES, Choice, choose
from quality_harness.init.found import Found, Packages, Said

BARE = Found(Path("/shop"), ("a.py",))


def chosen(found: Found, gate: str, *, loading: bool = False) -> Choice:
    """Return the choice of one gate."""
    choices = choose(found, discover_gates(), loading=loading)
    return next(choice for choice in choices if choice.gate == gate)


class ChoosingTests(unittest.TestCase):
    def test_every_gate_is_decided_on(self):
        for loading in (False, True):
            with self.subTest(loading=loading):
                names = [one.gate for one in choose(BARE, discover_gates(), loading=loading)]

                self.assertEqual(names, [gate.name for gate in discover_gates()])

    def test_the_lists_name_gates_that_there_are(self):
        known = {gate.name for gate in discover_gates()}

        self.assertEqual({*EXTRAS, *LOADING, *OF_CHANGES} - known, set())

    def test_a_bare_project_has_what_says_something_of_any(self):
        on = [one.gate for one in choose(BARE, discover_gates(), loading=False) if not one.off]

        self.assertEqual(on, ["format", "large-files", "lint", "secrets"])

    def test_gates_that_load_the_project_wait_to_be_asked_for(self):
        found = replace(BARE, settings=Said("shop.settings", "manage.py"))

        for gate in LOADING:
            with self.subTest(gate):
                self.assertIn("init --tests", chosen(found, gate).off)
                self.assertEqual(chosen(found, gate, loading=True).off, "")

    def test_what_pytest_leaves_out_is_left_out(self):
        found = replace(BARE, runner=Said("pytest", "pytest.ini"), left_out=("-m", "not slow"))

        self.assertEqual(
            chosen(found, "tests", loading=True).options,
            {"runner": "pytest", "arguments": ["-m", "not slow"]},
        )

    def test_the_runner_is_the_projects(self):
        found = replace(BARE, runner=Said("pytest", "pytest.ini"))

        self.assertEqual(chosen(found, "tests", loading=True).options, {"runner": "pytest"})
        self.assertEqual(
            chosen(found, "test-collection", loading=True).options, {"runners": ["pytest"]}
        )

    def test_without_settings_models_are_not_compared(self):
        self.assertIn("no settings module", chosen(BARE, "missing-migrations", loading=True).off)

    def test_ruff_and_its_rivals_are_not_both_asked(self):
        found = replace(BARE, linters={"ruff": "ruff.toml"})

        self.assertIn("by ruff (ruff.toml)", chosen(found, "format").off)
        self.assertIn("by ruff (ruff.toml)", chosen(found, "lint").off)

    def test_ruff_beside_black_and_flake8_is_no_rival(self):
        found = replace(BARE, linters={"ruff": "a", "black": "a", "flake8": "a"})

        self.assertEqual((chosen(found, "format").off, chosen(found, "lint").off), ("", ""))

    def test_contracts_are_asked_for_where_there_are_some(self):
        found = replace(BARE, linters={"import-linter": ".importlinter"})

        self.assertEqual(chosen(found, "imports").off, "")
        self.assertIn("no contract", chosen(BARE, "imports").off)

    def test_files_that_are_there_bring_their_gates(self):
        for gate, file in (
            ("migrations", "shop/migrations/0001_initial.py"),
            ("containers", "deploy/Dockerfile"),
            ("docs-links", "README.md"),
        ):
            with self.subTest(gate):
                self.assertNotEqual(chosen(BARE, gate).off, "")
                self.assertEqual(chosen(replace(BARE, files=("a.py", file)), gate).off, "")

    def test_pinned_requirements_are_judged_by_their_names(self):
        found = replace(BARE, packages=Packages(compiled=("requirements.txt",)))

        self.assertEqual(chosen(found, "dependencies").options, {"compiled": ["requirements.txt"]})

    def test_why_no_requirements_are_judged_is_told(self):
        none = "there is no requirements.txt and no requirements/*.txt"
        for packages, reason in (
            (Packages(), none),
            (
                Packages("pip", "pyproject.toml"),
                none,
            ),
            (
                Packages("uv", "uv.lock"),
                f"{none}; uv.lock locks the versions",
            ),
            (
                Packages("uv", "uv.lock", loose="requirements.txt:2 pins no version"),
                "requirements.txt:2 pins no version; uv.lock locks the versions",
            ),
            (
                Packages("pip", "requirements.txt", loose="requirements.txt:2 pins no version"),
                "requirements.txt:2 pins no version",
            ),
        ):
            with self.subTest(packages):
                found = replace(BARE, packages=packages)

                self.assertEqual(chosen(found, "dependencies").off, reason)

    def test_workflows_are_those_of_the_host(self):
        self.assertIn("no workflow", chosen(BARE, "workflows").off)
        self.assertEqual(chosen(replace(BARE, hosts=("github",)), "workflows").options, {})
        self.assertEqual(
            chosen(replace(BARE, hosts=("gitlab",)), "workflows").options,
            {"gitlab": [".gitlab-ci.yml", "quality-gates.yml"]},
        )

    def test_messages_are_judged_where_nearly_all_are_conventional(self):
        for conventional, off in ((45, False), (44, True)):
            with self.subTest(conventional):
                found = replace(BARE, conventional=(conventional, 50))

                self.assertEqual(bool(chosen(found, "commit-messages").off), off)
