from quality_harness.gate import CouldNotRun
from quality_harness.init.found import Said
from quality_harness.init.looking import look
from quality_harness.init.marking import marked_block
from tests.harness.projects import ProjectCase

MANAGE = """
    import os
    import sys

    def main():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
"""
LOOKS_IMPORTED = 'raise SystemExit("imported")\n'


class SettingsTests(ProjectCase):
    def settings(self, files: dict[str, str]) -> Said:
        self.write({"shop/settings.py": LOOKS_IMPORTED, **files})
        return look(self.root).settings

    def test_manage_py_names_them(self):
        self.assertEqual(self.settings({"manage.py": MANAGE}), Said("shop.settings", "manage.py"))

    def test_pytest_ini_comes_first(self):
        ini = "[pytest]\nDJANGO_SETTINGS_MODULE = shop.settings_test\n"

        found = self.settings({"manage.py": MANAGE, "pytest.ini": ini})

        self.assertEqual(found, Said("shop.settings_test", "pytest.ini"))

    def test_pyproject_names_them_for_pytest(self):
        toml = '[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = "shop.settings_test"\n'

        self.assertEqual(
            self.settings({"pyproject.toml": toml}), Said("shop.settings_test", "pyproject.toml")
        )

    def test_the_table_of_pytest_9_names_them(self):
        toml = '[tool.pytest]\nDJANGO_SETTINGS_MODULE = "shop.settings_test"\n'

        self.assertEqual(self.settings({"pyproject.toml": toml}).value, "shop.settings_test")

    def test_setup_cfg_names_them_by_an_option(self):
        cfg = "[tool:pytest]\naddopts = -q --ds=shop.settings_test\n"

        self.assertEqual(self.settings({"setup.cfg": cfg}), Said("shop.settings_test", "setup.cfg"))

    def test_tox_ini_without_them_leaves_it_to_manage_py(self):
        found = self.settings({"manage.py": MANAGE, "tox.ini": "[pytest]\naddopts = -q\n"})

        self.assertEqual(found, Said("shop.settings", "manage.py"))

    def test_a_script_that_assigns_them_is_read(self):
        script = 'import os\nos.environ["DJANGO_SETTINGS_MODULE"] = "shop.settings"\n'

        found = self.settings({"runtests.py": script, "setup.py": "x = 1\n"})

        self.assertEqual(found, Said("shop.settings", "runtests.py"))

    def test_other_uses_of_the_name_are_none(self):
        script = 'import os\nprint(os.environ.get("DJANGO_SETTINGS_MODULE", "x"))\nfor'

        found = self.settings({"a.py": script, "b.py": script.removesuffix("for")})

        self.assertEqual(found, Said())


class FoundTests(ProjectCase):
    def test_nothing_of_a_bare_project_is_made_up(self):
        self.write({"a.py": "x = 1\n"})

        found = look(self.root)

        self.assertEqual(found.settings, Said())
        self.assertEqual(found.runner, Said("django"))
        self.assertEqual((found.hosts, found.other_ci, found.hooks), ((), "", Said()))
        self.assertEqual((found.linters, found.conventional), ({}, (0, 0)))
        self.assertEqual((found.default_branch, found.python_path), ("", (".",)))
        self.assertTrue(found.is_repository)

    def test_a_repository_without_python_is_refused(self):
        self.write({"index.html": "<p>\n"})

        with self.assertRaisesRegex(CouldNotRun, "git lists no Python file below"):
            look(self.root)

    def test_the_folder_of_manage_py_is_imported_from(self):
        self.write({"src/manage.py": MANAGE, "src/tests/manage.py": ""})

        self.assertEqual(look(self.root).python_path, ("src",))

    def test_folders_that_pytest_imports_from_are_taken_if_they_are_there(self):
        ini = "[pytest]\npythonpath = lib gone\n"
        self.write({"pytest.ini": ini, "lib/a.py": "x = 1\n"})

        self.assertEqual(look(self.root).python_path, ("lib",))

    def test_a_list_of_folders_in_pyproject_is_taken(self):
        toml = '[tool.pytest.ini_options]\npythonpath = ["lib"]\n'
        self.write({"pyproject.toml": toml, "lib/a.py": "x = 1\n"})

        found = look(self.root)

        self.assertEqual(found.python_path, ("lib",))
        self.assertEqual(found.runner, Said("pytest", "pyproject.toml"))

    def test_the_tests_that_pytest_is_told_to_leave_out_are_known(self):
        for addopts, expected in (
            (
                "'-q -m \"not slow\" --deselect=a.py::test_a -k b --reuse-db'",
                ("-m", "not slow", "-k", "b", "--deselect", "a.py::test_a"),
            ),
            ("['-m not slow', '-n2']", ("-m", "not slow")),
            ("'--reuse-db'", ()),
            ("'-m'", ()),
            ("'-m \"x'", ()),
        ):
            with self.subTest(addopts=addopts):
                toml = f"[tool.pytest.ini_options]\naddopts = {addopts}\n"
                self.write({"a.py": "", "pyproject.toml": toml})

                self.assertEqual(look(self.root).left_out, expected)

    def test_a_conftest_tells_of_pytest(self):
        self.write({"conftest.py": ""})

        self.assertEqual(look(self.root).runner, Said("pytest", "conftest.py"))

    def test_an_empty_pytest_ini_is_pytests(self):
        self.write({"a.py": "", "pytest.ini": ""})

        self.assertEqual(look(self.root).runner, Said("pytest", "pytest.ini"))

    def test_a_folder_of_a_repository_is_told(self):
        self.write({"backend/a.py": "x = 1\n"})

        self.assertFalse(look(self.root / "backend").is_repository)

    def test_the_default_branch_counts_where_gates_would_not_find_it(self):
        self.commit({"a.py": "x = 1\n"})
        for name, expected in (("develop", "develop"), ("main", "")):
            with self.subTest(name):
                self.git("update-ref", f"refs/remotes/origin/{name}", "HEAD")
                self.git("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{name}")

                self.assertEqual(look(self.root).default_branch, expected)

    def test_another_python_is_told(self):
        for wanted, told in ((">=3.11", ""), (">=4.1", ">=4.1"), ("none", ""), ("", "")):
            with self.subTest(wanted):
                self.write(
                    {"a.py": "", "pyproject.toml": f"[project]\nrequires-python = '{wanted}'\n"}
                )

                self.assertEqual(look(self.root).python, told)

    def test_conventional_messages_are_counted(self):
        self.write({"a.py": "x = 1\n"})
        self.git("add", "--all")
        for message in ("feat(shop): sell", "fixed stuff"):
            self.git("commit", "--quiet", "--allow-empty", f"--message={message}")

        self.assertEqual(look(self.root).conventional, (1, 2))


class HostTests(ProjectCase):
    def hosts(self, *names: str) -> tuple[str, ...]:
        self.write(dict.fromkeys(("a.py", *names), ""))
        return look(self.root).hosts

    def test_workflows_tell_of_github(self):
        self.assertEqual(self.hosts(".github/workflows/tests.yml"), ("github",))

    def test_a_pipeline_tells_of_gitlab(self):
        self.assertEqual(self.hosts(".gitlab-ci.yml"), ("gitlab",))

    def test_without_ci_the_remote_tells(self):
        self.git("remote", "add", "origin", "git@gitlab.example.org:shop/shop.git")

        self.assertEqual(self.hosts(), ("gitlab",))

    def test_another_ci_is_named(self):
        self.assertEqual(self.hosts(".circleci/config.yml"), ())
        self.assertEqual(look(self.root).other_ci, ".circleci/config.yml")


class HookTests(ProjectCase):
    def test_each_manager_is_known_by_its_file(self):
        for file, manager in (
            (".husky/pre-commit", "husky"),
            (".pre-commit-config.yaml", "pre-commit"),
            ("lefthook.yml", "lefthook"),
        ):
            with self.subTest(file):
                self.write({"a.py": "", file: ""})

                self.assertEqual(look(self.root).hooks, Said(manager, file))
                (self.root / file).unlink()


class LinterTests(ProjectCase):
    def linters(self, files: dict[str, str]) -> dict[str, str]:
        self.write({"a.py": "", **files})
        return dict(look(self.root).linters)

    def test_tables_of_pyproject(self):
        toml = "[tool.black]\n[tool.ruff]\n[tool.flake8]\n[tool.importlinter]\n"

        self.assertEqual(
            self.linters({"pyproject.toml": toml}),
            dict.fromkeys(("black", "flake8", "ruff", "import-linter"), "pyproject.toml"),
        )

    def test_sections_and_files_of_their_own(self):
        self.assertEqual(
            self.linters({"tox.ini": "[flake8]\n", "ruff.toml": "", "setup.cfg": "[metadata]\n"}),
            {"flake8": "tox.ini", "ruff": "ruff.toml"},
        )

    def test_hooks_of_pre_commit(self):
        hooks = "repos:\n  - repo: x\n    hooks:\n      - id: black\n      - id: mypy\n"

        self.assertEqual(
            self.linters({".pre-commit-config.yaml": hooks}), {"black": ".pre-commit-config.yaml"}
        )

    def test_what_init_has_written_says_nothing(self):
        self.assertEqual(self.linters({"pyproject.toml": marked_block("[tool.flake8]\n")}), {})

    def test_a_tool_that_is_no_table_has_none(self):
        self.assertEqual(self.linters({"pyproject.toml": "tool = 1\n"}), {})


class UnreadableTests(ProjectCase):
    def test_a_broken_pyproject_is_named(self):
        self.write({"a.py": "", "pyproject.toml": "[tool\n"})

        with self.assertRaisesRegex(CouldNotRun, "pyproject.toml is not valid TOML"):
            look(self.root)

    def test_a_broken_section_file_is_named(self):
        self.write({"a.py": "", "setup.cfg": "nothing\n"})

        with self.assertRaisesRegex(CouldNotRun, "setup.cfg cannot be read: .*Mend it first"):
            look(self.root)


class PackageTests(ProjectCase):
    def packages(self, files: dict[str, str]):
        self.write({"a.py": "", **files})
        return look(self.root).packages

    def test_each_lock_file_tells_its_manager(self):
        for file, manager in (
            ("Pipfile.lock", "pipenv"),
            ("pdm.lock", "pdm"),
            ("poetry.lock", "poetry"),
            ("uv.lock", "uv"),
        ):
            with self.subTest(file):
                found = self.packages({file: "", "requirements.txt": "django\n"})

                self.assertEqual((found.manager, found.file), (manager, file))
                self.assertIn(f"pip install {manager}", found.install)
                (self.root / file).unlink()

    def test_requirements_of_the_project_and_of_its_tests_are_installed(self):
        found = self.packages(
            {"requirements/base.txt": "django==5.2\n", "requirements/test.txt": "pytest\n"}
        )

        self.assertEqual(
            found.install, "pip install -r requirements/base.txt -r requirements/test.txt"
        )
        self.assertEqual(found.compiled, ("requirements/base.txt",))

    def test_a_file_of_another_name_is_installed_alone(self):
        found = self.packages({"requirements/live.txt": "-e .\n"})

        self.assertEqual(
            (found.install, found.compiled), ("pip install -r requirements/live.txt", ())
        )

    def test_a_file_that_cannot_be_read_is_not_compiled(self):
        found = self.packages({"requirements.txt": "django==5.2\n-r missing.txt\n"})

        self.assertEqual(found.compiled, ())

    def test_the_first_line_that_is_not_pinned_is_told(self):
        for text, told in (
            ("django==5.2\n", ""),
            ("django==5.2\npytest>=9\n", "requirements.txt:2 pins pytest>=9 to no one version"),
            ("-e .\n", "requirements.txt:1 pins -e . to no one version"),
            ("", "requirements.txt names no package"),
            ("a b\n", "requirements.txt:1 is no requirement: "),
        ):
            with self.subTest(text):
                found = self.packages({"requirements.txt": text})

                self.assertTrue(found.loose.startswith(told), found.loose)
                self.assertEqual(bool(found.loose), bool(told))

    def test_a_package_installs_itself(self):
        self.assertEqual(self.packages({"setup.py": ""}).install, "pip install .")
        self.assertEqual(self.packages({"pyproject.toml": "[project]\n"}).file, "pyproject.toml")

    def test_tables_of_tools_are_no_package(self):
        found = self.packages({"pyproject.toml": marked_block("[tool.flake8]\n")})

        self.assertEqual((found.manager, found.install), ("", ""))

    def test_the_packages_of_development_are_installed_too(self):
        groups = '[dependency-groups]\nlint = ["black"]\ndev = ["pytest"]\n'
        extras = "[project.optional-dependencies]\ndocs = []\ntest = []\ndev = []\n"
        of_pip = "pip install --upgrade pip && pip install"
        for text, install in (
            (f"[project]\nname = 'shop'\n{groups}", f"{of_pip} . --group dev"),
            (f"[project]\nname = 'shop'\n{extras}", "pip install .[dev,test]"),
            (f"{extras}{groups}", f"{of_pip} .[dev,test] --group dev"),
            (groups, f"{of_pip} --group dev"),
            ("dependency-groups = 1\n[project]\noptional-dependencies = 1\n", "pip install ."),
        ):
            with self.subTest(text):
                self.assertEqual(self.packages({"pyproject.toml": text}).install, install)
        found = self.packages({"setup.py": "", "pyproject.toml": groups})
        self.assertEqual(found.install, f"{of_pip} . --group dev")
        found = self.packages({"requirements.txt": "", "pyproject.toml": groups})
        self.assertEqual(found.install, f"{of_pip} -r requirements.txt --group dev")
        found = self.packages({"requirements-dev.txt": ""})
        self.assertEqual(found.install, "pip install -r requirements.txt -r requirements-dev.txt")

    def test_nothing_is_known_of_a_project_without_any(self):
        found = self.packages({})

        self.assertEqual((found.manager, found.install), ("", ""))
