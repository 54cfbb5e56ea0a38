import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from unittest import mock

import psycopg
from django.test import tag

from quality_harness import cli, services
from quality_harness.migrations.probe import command
from tests.harness.migrations.probe.runs import REPOSITORY, app, migration, wait_for
from tests.harness.projects import ProjectCase

PROJECT = """
    [tool.quality_harness]
    settings = "settings"
    """
SETTINGS = "INSTALLED_APPS = ['shop']\nSECRET_KEY = 'x'\n"
REMOVAL = "[migrations.RemoveField('item', 'note')]"
STOPS = """
import os, signal, time


def stop(apps, schema_editor):
    {0}
    schema_editor.execute("SELECT 1")
"""
KILLS_ITSELF = "os.kill(os.getpid(), signal.SIGKILL)"
KILLS_SERVER = (
    "cursor = schema_editor.connection.cursor(); cursor.execute('SHOW data_directory'); "
    "folder = cursor.fetchone()[0]; "
    "os.kill(int(open(f'{folder}/postmaster.pid').readline()), signal.SIGKILL); time.sleep(1)"
)
WAITS = "open(os.environ['PROBE_WAITS'], 'w').close(); time.sleep(30)"


class ProveCase(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        url = services.database_url("test", REPOSITORY)
        patched = mock.patch.dict(os.environ, {"DATABASE_URL": url})
        patched.start()
        self.addCleanup(patched.stop)
        self.before = self.probe_databases()
        self.addCleanup(self.assert_nothing_left)
        self.write({"pyproject.toml": PROJECT, "settings.py": SETTINGS, ".gitignore": ".*\n"})

    def probe_databases(self) -> set[str]:
        """Return the databases of probes that have ended; others may run at the same time."""
        listed = "SELECT datname FROM pg_database"
        with psycopg.connect(services.database_url("probe", self.root), autocommit=True) as server:
            before = server.execute(listed).fetchall()
            held = server.execute(
                "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory'"
            ).fetchall()
            # A probe that ended between the two has dropped what it made.
            names = set(before) & set(server.execute(listed).fetchall())
        own = [re.fullmatch(r"quality_harness_probe_(?!0{8})(.{8})_\d+_\d+", n) for (n,) in names]
        return {each[0] for each in own if each and (int(each[1], 16),) not in held}

    def assert_nothing_left(self) -> None:
        """Assert that no database stays; what another test has killed goes with its next probe."""
        for _ in range(50):
            if self.probe_databases() <= self.before:
                break
            time.sleep(0.1)
        self.assertLessEqual(self.probe_databases(), self.before)

    def start(self, flag: Path) -> subprocess.Popen[bytes]:
        """Start the command in a process of its own; return when its migration runs."""
        running = subprocess.Popen(
            [sys.executable, "-m", "quality_harness.cli", "prove", "--base", "HEAD"],
            cwd=self.root,
            env={**os.environ, "PROBE_WAITS": str(flag)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            # Where the tests run in the background of a shell, Ctrl-C is ignored by inheritance.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        wait_for(flag)
        return running

    def prove(self, *arguments: str) -> tuple[int, dict, str]:
        """Run the command; return its code, its document and what it says beside it."""
        out, said = io.StringIO(), io.StringIO()
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.chdir(self.root))
            stack.enter_context(contextlib.redirect_stdout(out))
            stack.enter_context(contextlib.redirect_stderr(said))
            code = cli.main(["prove", "--format", "json", *arguments])
        return code, json.loads(out.getvalue()), said.getvalue()

    def change(self, operations: str, **more) -> None:
        """Commit the app, and add its second migration."""
        files = app("shop", operations, **more)
        later = files.pop("shop/migrations/0002_change.py")
        self.commit(files)
        (self.root / "shop/migrations/0002_change.py").write_text(later)

    def note(self, document: dict) -> str:
        (note,) = (gate["note"] for gate in document["gates"] if gate["name"] == "prove")
        return note


@tag("slow")
class ProveTests(ProveCase):
    def test_a_fault_is_proved(self):
        self.change(REMOVAL)

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 1)
        found = {each["code"]: each for each in document["findings"]}
        self.assertEqual(found["MIG002"]["proof"], "proved")
        self.assertEqual(found["PRB001"]["path"], "shop/migrations/0002_change.py")
        self.assertEqual(found["PRB001"]["line"], found["MIG002"]["line"])
        self.assertIn("shop.Item.note", found["PRB001"]["message"])

    def test_without_a_new_migration_it_passes(self):
        self.commit(app("shop", REMOVAL))

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual((code, document["verdict"]), (0, "pass"))
        self.assertIn("no migration is new", self.note(document))

    def test_all_proves_the_old_ones_too(self):
        self.commit(app("shop", "[migrations.AddField('item', 'x', models.TextField(null=True))]"))

        code, document, _ = self.prove("--all")

        self.assertEqual((code, document["checked"]), (0, 2))

    def test_a_long_history_is_proved_in_several_processes(self):
        files = app("shop", "[migrations.AddField('item', 'x2', models.TextField(null=True))]")
        for number in range(3, 18):
            earlier = f"00{number - 1:02}_change"
            added = f"[migrations.AddField('item', 'x{number}', models.TextField(null=True))]"
            files[f"shop/migrations/00{number:02}_change.py"] = migration(
                REMOVAL if number == 16 else added, dependencies=f"[('shop', '{earlier}')]"
            )
        self.commit(files)
        documents, processes = [], []
        for cores in (1, 2):
            counted = mock.patch.object(command, "run_module", wraps=command.run_module)
            with mock.patch.object(os, "cpu_count", return_value=cores), counted as started:
                code, document, _ = self.prove("--all")
            processes.append(started.call_count)
            documents.append([(code, each["code"], each["path"]) for each in document["findings"]])

        self.assertEqual(processes, [1, 2])
        self.assertIn((1, "PRB001", "shop/migrations/0016_change.py"), documents[0])
        self.assertEqual(*documents)

    def test_an_unknown_base_could_not_run(self):
        self.commit(app("shop", REMOVAL))

        code, document, said = self.prove("--base", "nowhere")

        self.assertEqual((code, document["verdict"]), (2, "could-not-run"))
        self.assertIn("The base 'nowhere' does not exist", said)

    def test_a_project_that_cannot_be_imported_could_not_run(self):
        self.change(REMOVAL)
        self.write({"settings.py": "import nothing_of_this_name\n"})

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("nothing_of_this_name", self.note(document))

    def test_an_app_that_cannot_be_imported_could_not_run(self):
        self.change(REMOVAL)
        self.write({"settings.py": "INSTALLED_APPS = ['nowhere']\nSECRET_KEY = 'x'\n"})

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("The project cannot be imported: No module named", self.note(document))

    def test_a_project_without_settings_could_not_run(self):
        self.change(REMOVAL)
        self.write({"pyproject.toml": "[tool.quality_harness]\n"})

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("No Django settings are named", self.note(document))

    def test_a_tree_without_migrations_could_not_run(self):
        self.commit()

        code, document, _ = self.prove("--all")

        self.assertEqual(code, 2)
        self.assertIn("No migration files found", self.note(document))

    def test_a_migration_that_does_not_run_could_not_run(self):
        self.change("[migrations.RunSQL('SELECT 1/0', '')]")

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("shop.0002_change cannot be applied: division by zero", self.note(document))

    def test_a_missing_parent_could_not_run(self):
        self.change(REMOVAL, dependencies_of="0001_other")

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("nonexistent parent node ('shop', '0001_other')", self.note(document))

    def test_a_probe_that_is_killed_leaves_no_database(self):
        self.change("[migrations.RunPython(stop)]", before=STOPS.format(KILLS_ITSELF))

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("The probe broke off", self.note(document))

    def test_an_interrupted_run_leaves_no_database(self):
        self.change("[migrations.RunPython(stop)]", before=STOPS.format(WAITS))
        running = self.start(self.root / ".waits")

        os.killpg(running.pid, signal.SIGINT)

        self.assertEqual(running.wait(timeout=30), 130)

    def test_the_next_run_drops_what_a_killed_one_left(self):
        self.change("[migrations.RunPython(stop)]", before=STOPS.format(WAITS))
        running = self.start(self.root / ".waits")
        os.killpg(running.pid, signal.SIGKILL)
        running.wait(timeout=30)
        harmless = app("shop", "[]")["shop/migrations/0002_change.py"]
        (self.root / "shop/migrations/0002_change.py").write_text(harmless)

        self.prove("--base", "HEAD")

        self.assert_nothing_left()


@tag("slow")
class EditTests(ProveCase):
    """Migrations of the base that a change edits, renames or deletes."""

    FIRST = "shop/migrations/0001_initial.py"
    SECOND = "shop/migrations/0002_change.py"

    def edit(self, old: str, new: str, operations: str = "[]", **more) -> None:
        """Commit an app with two migrations, and edit the second."""
        self.commit(app("shop", operations, **more))
        path = self.root / self.SECOND
        path.write_text(path.read_text().replace(old, new))

    def found(self, *arguments: str) -> tuple[int, dict[str, dict], str]:
        code, document, _ = self.prove("--base", "HEAD", *arguments)
        found = {each["code"]: each for each in document["findings"]}
        return code, found, self.note(document)

    def test_an_edit_that_makes_another_schema_is_proved(self):
        added = "[migrations.AddField('item', 'x', models.CharField(max_length=9, null=True))]"
        self.edit("max_length=9", "max_length=8", added)

        code, found, note = self.found()

        self.assertEqual((code, set(found)), (1, {"MIG051", "PRB009"}))
        self.assertEqual(found["MIG051"]["proof"], "proved")
        self.assertIn("differs from a new one: missing: column", found["PRB009"]["message"])
        self.assertRegex(note, "^no migration is new against .*on the base.*: 0002_change$")

    def test_an_edit_that_no_database_notices_is_refuted(self):
        added = "[migrations.AddField('item', 'x', models.CharField(max_length=9, null=True))]"
        self.edit("null=True))]", "null=True, default='x'))]", added)

        code, found, note = self.found()

        self.assertEqual((code, found["MIG051"]["proof"]), (0, "refuted"))
        self.assertIn("0002_change", note)

    def test_an_edit_of_what_a_schema_does_not_show_is_unproved(self):
        self.edit("SELECT 1", "SELECT 2", "[migrations.RunSQL('SELECT 1', '')]")

        code, found, _ = self.found()

        self.assertEqual((code, found["MIG051"]["proof"]), (1, "unproved"))

    def test_an_edit_that_does_not_run_is_unproved(self):
        self.edit("'note'", "'nothing'", REMOVAL)

        code, found, _ = self.found()

        self.assertEqual(code, 2)

    def test_an_old_text_that_does_not_run_is_unproved(self):
        self.edit("SELECT 1/0", "SELECT 1", "[migrations.RunSQL('SELECT 1/0', '')]")

        code, found, _ = self.found()

        self.assertEqual((code, found["MIG051"]["proof"]), (1, "unproved"))
        self.assertIn("could not be compared with the base: division", found["PRB008"]["message"])

    def test_an_edit_that_follows_a_new_migration_is_unproved(self):
        self.edit("0001_initial", "0001_more")
        text = app("shop", "[]")[self.SECOND]
        self.write({"shop/migrations/0001_more.py": text})

        code, found, _ = self.found()

        self.assertEqual((code, found["MIG051"]["proof"]), (1, "unproved"))
        self.assertIn("runs after new migrations", found["PRB008"]["message"])

    def test_new_migrations_beside_an_edit(self):
        added = "[migrations.AddField('item', 'x', models.CharField(max_length=9, null=True))]"
        self.edit("max_length=9", "max_length=8", added)
        self.write(
            {
                "shop/migrations/0003_y.py": app("shop", "[]", dependencies_of="0002_change")[
                    self.SECOND
                ]
            }
        )

        code, found, note = self.found()

        self.assertEqual((code, found["MIG051"]["proof"]), (1, "proved"))
        self.assertRegex(note, "^1 of 3 migrations.*on the base.*: 0002_change$")

    def test_what_is_deleted_or_renamed_is_told(self):
        self.commit(app("shop", "[]"))
        self.git("mv", self.SECOND, "shop/migrations/0002_other.py")

        code, found, note = self.found()

        self.assertEqual((code, found["MIG052"]["proof"]), (1, "unproved"))
        self.assertIn("0002_other", note)
        (self.root / "shop/migrations/0002_other.py").unlink()

        code, found, note = self.found()

        self.assertEqual((code, found["MIG012"]["proof"]), (1, "unproved"))

    def test_an_accepted_edit_passes(self):
        accepted = "# quality-harness: ignore[MIG051]: no database ran it yet\nclass"
        self.edit("class", accepted)
        text = (self.root / self.SECOND).read_text()
        (self.root / self.SECOND).write_text(
            text.replace("= []", "= [migrations.RunSQL('SELECT 1', '')]")
        )

        code, found, _ = self.found()

        self.assertEqual(code, 0)
        self.assertEqual(found["MIG051"]["suppressed"], "no database ran it yet")

    def test_a_connection_that_breaks_leaves_an_edit_unproved(self):
        died = "[migrations.RunSQL('SELECT pg_terminate_backend(pg_backend_pid())', '')]"
        self.edit(died, "[]", died)

        code, found, _ = self.found()

        self.assertEqual((code, found["MIG051"]["proof"]), (1, "unproved"))


@tag("slow")
class DyingServerTests(ProveCase):
    """The project's own server is killed, never another one."""

    def setUp(self) -> None:
        super().setUp()
        os.environ.pop("DATABASE_URL")
        self.write({"settings.py": f"import os\nos.environ['DATABASE_URL']\n{SETTINGS}"})

    def assert_nothing_left(self) -> None:
        """Assert it, and end the server that this starts once more."""
        try:
            super().assert_nothing_left()
        finally:
            services.stop(self.root)

    def test_a_server_is_started_and_named_and_where_it_dies_keeps_no_database(self):
        self.change("[migrations.RunPython(stop)]", before=STOPS.format(KILLS_SERVER))

        code, document, _ = self.prove("--base", "HEAD")

        self.assertEqual(code, 2)
        self.assertIn("PostgreSQL did not answer to the end", self.note(document))
        self.assertEqual({each.profile for each in services.status(self.root)}, {"probe"})
        self.assertEqual(self.probe_databases(), set())
