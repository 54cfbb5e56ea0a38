import hashlib
import json
import os
from unittest import mock

from django.test import tag

from quality_harness.changes import find_changes, repository_files
from quality_harness.gate import CouldNotRun, Project
from quality_harness.gates import _secret_lines
from quality_harness.gates.secrets import GATE, accept_standing
from tests.harness.gates.branches import BranchCase
from tests.harness.projects import places

# Put together here: a secret in one piece would be a finding of this repository's own gate.
KEY = "AKIA" + "QYLPMN5HHHFPZAM2"
LINE = f'KEY = "{KEY}"\n'
DRAWN = "hT9vQ2xLmP4sRw" * 2
# The beginnings of a private key (PKCS 8, RSA) and of a certificate.
DER_KEY = bytes.fromhex("308204be020100300d06092a864886f70d0101010500048204a8308204a4")
DER_CERTIFICATE = bytes.fromhex("308203393082022102143a5e1c00ff300d06092a864886f70d01010b0500")


@tag("slow")
class SecretsGateTests(BranchCase):
    def test_a_secret_in_a_commit_is_found_where_it_stands(self):
        commit = self.commit({"settings.py": f"import os\n\n{LINE}"})

        (finding,) = self.check_branch(GATE).findings

        self.assertEqual((finding.location.path, finding.location.line), ("settings.py", 3))
        self.assertEqual(
            finding.message,
            f"commit {commit[:7]} adds to settings.py what looks like a secret (AWS Access Key)",
        )

    def test_the_secret_itself_is_not_shown(self):
        self.commit({"settings.py": LINE})

        (finding,) = self.check_branch(GATE).findings

        self.assertNotIn(KEY, finding.message + finding.hint)
        self.assertIn(hashlib.sha1(KEY.encode()).hexdigest(), finding.hint)

    def test_a_secret_that_a_later_commit_takes_away_is_found(self):
        self.commit({"settings.py": LINE})
        self.commit({"settings.py": "KEY = os.environ['KEY']\n"})

        checked = self.check_branch(GATE)

        self.assertEqual(places(checked), [("SEC001", "settings.py", 0)])
        self.assertIn("but the history keeps it", checked.findings[0].message)

    def test_a_secret_in_a_file_that_is_deleted_again_is_found(self):
        self.commit({"key.pem": "-----BEGIN RSA PRIVATE" + " KEY-----\n"})
        (self.root / "key.pem").unlink()
        self.commit()

        self.assertEqual(places(self.check_branch(GATE)), [("SEC001", "key.pem", 0)])

    def test_a_secret_that_is_not_committed_is_found(self):
        self.write({"a b.env": f"A=1\nKEY={KEY}\n"})

        checked = self.check_branch(GATE)

        self.assertEqual(places(checked), [("SEC001", "a b.env", 2)])
        self.assertIn("the working tree adds to a b.env", checked.findings[0].message)

    def test_passwords_by_their_name_and_in_addresses_are_found(self):
        word = "hunter2" * 2
        self.commit({"a.py": f'password = "{word}"\n', "b.py": f'URL = "http://me:{word}@x.org"\n'})

        self.assertEqual(
            places(self.check_branch(GATE)), [("SEC001", "a.py", 1), ("SEC001", "b.py", 1)]
        )

    def test_a_password_without_quotes_is_found_in_files_that_have_none(self):
        word = "hunter2" * 2
        text = f"DEBUG=1\nexport DB_PASSWORD={word}  # of the server\nOTHER_PASSWORD=$SECRET\n"
        self.commit({".env": text, "a.ini": f"password = {word}\n", "b.md": f"password = {word}\n"})

        self.assertEqual(
            places(self.check_branch(GATE)), [("SEC001", ".env", 2), ("SEC001", "a.ini", 1)]
        )

    def test_what_only_looks_like_a_secret_is_left_alone(self):
        digest = hashlib.sha256(b"x").hexdigest()
        self.commit(
            {
                "settings.py": 'KEY = os.environ["KEY"]\npassword = get_password()\n',
                "requirements.txt": f"django==5.2 --hash=sha256:{digest}\n",
                "image.bin": f"\x02\0\0 {LINE}",
            }
        )

        checked = self.check_branch(GATE)

        self.assertEqual((checked.findings, checked.checked), ((), 3))

    def test_a_fallback_is_found_on_its_line_of_the_call(self):
        call = 'x = 1\nKEY = os.environ.get(\n    "SECRET_KEY",\n    "{}",\n)\n'
        self.commit({"a.py": call.format(DRAWN), "b.py": call.format("development")})

        self.assertEqual(places(self.check_branch(GATE)), [("SEC001", "a.py", 4)])

    def test_a_file_in_utf_16_is_read(self):
        for encoding in ("utf-16", "utf-16-be"):
            (self.root / f"{encoding}.txt").write_bytes(f"one\r\n{LINE.strip()}".encode(encoding))
        self.commit()

        checked = self.check_branch(GATE)

        expected = [("SEC001", f"{encoding}.txt", 2) for encoding in ("utf-16-be", "utf-16")]
        self.assertEqual(places(checked), expected)
        self.assertEqual(checked.checked, 4)

    def test_a_key_in_binary_form_is_found_and_no_line_is_counted(self):
        (self.root / "key.der").write_bytes(DER_KEY)
        (self.root / "certificate.der").write_bytes(DER_CERTIFICATE)
        self.commit()

        checked = self.check_branch(GATE)

        self.assertEqual(places(checked), [("SEC001", "key.der", 1)])
        self.assertEqual((checked.checked, checked.nothing_new), (0, True))

    def test_a_key_in_a_message_is_found_and_a_word_about_passwords_is_left_alone(self):
        self.write({"a.txt": "x"})
        self.git("add", "--all")
        self.git("commit", "-qm", f"feat: x\n\n{LINE}\npassword = 'hunter2hunter2'")
        commit = self.git("rev-parse", "--short=7", "HEAD")

        (finding,) = self.check_branch(GATE).findings

        self.assertEqual(
            finding.message,
            f"the message of commit {commit} holds what looks like a secret (AWS Access Key)",
        )
        self.assertIn(f"git rebase --interactive {commit}~1, and 'reword'", finding.hint)

    def test_a_line_that_is_too_long_is_told_and_the_others_are_looked_at(self):
        modules = ("quality_harness.gates._secret_forms", "quality_harness.gates.secrets")
        for module in modules:
            patched = mock.patch(f"{module}.LONGEST", 1000)
            patched.start()
            self.addCleanup(patched.stop)
        self.commit({"a.json": f"{{}}\n{'x' * 1001}\n", "settings.py": LINE})
        checked = self.check_branch(GATE)
        self.write({"a.json": "y" * 1001})
        again = self.check_branch(GATE)

        self.assertEqual(places(checked), [("SEC001", "settings.py", 1)])
        self.assertRegex(checked.problem, r"line 2 of a.json, which commit .* has 1,001 characters")
        self.assertIn('exclude = ["a.json"]', checked.problem)
        self.assertIn("line 1 of a.json, which the working tree adds", again.problem)

    def test_a_secret_of_the_base_is_left_alone(self):
        self.git("switch", "-q", "main")
        self.commit({"settings.py": LINE})
        self.git("switch", "-q", "-C", "work")
        self.commit({"settings.py": f"{LINE}DEBUG = False\n"})

        self.assertEqual(self.check_branch(GATE).findings, ())

    def test_a_secret_in_two_commits_is_told_once(self):
        self.commit({"settings.py": LINE})
        self.commit({"settings.py": f"# a comment\n\n{LINE}"})
        self.commit({"settings.py": f"x = 1\n{LINE.replace('KEY', 'NAME', 1)}"})

        self.assertEqual(places(self.check_branch(GATE)), [("SEC001", "settings.py", 2)])

    def test_a_comment_of_detect_secrets_accepts_nothing(self):
        self.commit({"settings.py": LINE.replace("\n", "  # pragma: allowlist secret\n")})

        self.assertEqual(len(self.check_branch(GATE).findings), 1)

    def test_git_attributes_hide_nothing(self):
        self.commit({".gitattributes": "* -diff\n", "settings.py": LINE})

        self.assertEqual(len(self.check_branch(GATE).findings), 1)

    def test_an_excluded_file_is_left_alone(self):
        self.commit({"vendor/settings.py": LINE})

        self.assertEqual(self.check_branch(GATE, excluded=("vendor",)).findings, ())

    def test_a_change_without_a_line_passes_and_says_so(self):
        self.commit()

        checked = self.check_branch(GATE)

        self.assertTrue(checked.nothing_new)
        self.assertRegex(checked.note, "no line is new against merge base with main")

    def test_a_change_of_empty_lines_is_looked_at(self):
        (self.root / "a.txt").write_text("\n\n")
        self.commit()

        self.assertEqual(self.check_branch(GATE).checked, 2)

    def test_without_detect_secrets_it_could_not_run(self):
        self.commit({"settings.py": LINE})
        self.write({"hidden/detect_secrets/__init__.py": "raise ImportError('not there')"})

        with (
            mock.patch.dict(os.environ, {"PYTHONPATH": str(self.root / "hidden")}),
            self.assertRaisesRegex(CouldNotRun, r"failed: .*not there.*\[secrets\]"),
        ):
            self.check_branch(GATE)


@tag("slow")
class AcceptedSecretsTests(BranchCase):
    def accept(self, **values: object) -> None:
        row = {
            "path": "settings.py",
            "digest": hashlib.sha1(KEY.encode()).hexdigest(),
            "reason": "a sample of the documentation",
        }
        self.write({"accepted-secrets.json": json.dumps({"accepted": [row | values]})})

    def setUp(self) -> None:
        super().setUp()
        self.commit({"settings.py": LINE})

    def test_a_row_with_a_reason_accepts_a_secret(self):
        self.accept()

        self.assertEqual(self.check_branch(GATE).findings, ())

    def test_what_stands_is_accepted_and_its_places_told(self):
        gone = self.commit({"old.py": LINE})
        (self.root / "old.py").unlink()
        self.git("add", "--all")
        self.git("commit", "-qm", f"fix: less\n\n{LINE}")
        message = self.git("rev-parse", "--short=7", "HEAD")
        files, changes = repository_files(self.root), find_changes(self.root, None, "main")

        standing = accept_standing(Project(self.root, files, changes, GATE.options()), "old")

        self.assertEqual(
            standing.places,
            (
                f"the message of commit {message}",
                f"old.py in commit {gone[:7]}",
                "settings.py:1",
            ),
        )
        self.write({"accepted-secrets.json": standing.text})
        self.assertEqual(self.check_branch(GATE).findings, ())

    def test_a_row_of_another_file_accepts_nothing(self):
        self.accept(path="other.py")

        self.assertEqual(len(self.check_branch(GATE).findings), 1)

    def test_a_row_without_a_reason_accepts_nothing_and_is_found(self):
        self.accept(reason=" ")

        self.assertEqual(
            places(self.check_branch(GATE)),
            [("SEC002", "accepted-secrets.json", 0), ("SEC001", "settings.py", 1)],
        )

    def test_a_file_that_is_none_could_not_run(self):
        for text in ("nonsense", "[]", '{"accepted": [{"path": "x"}]}'):
            self.write({"accepted-secrets.json": text})
            with self.assertRaisesRegex(CouldNotRun, "accepted-secrets.json cannot be read"):
                self.check_branch(GATE)

    def test_a_row_with_a_number_could_not_run(self):
        self.accept(digest=7)

        with self.assertRaisesRegex(CouldNotRun, "a value that is no text"):
            self.check_branch(GATE)


class SecretLinesTests(BranchCase):
    def test_each_line_with_a_secret_is_named_by_its_index(self):
        found = list(_secret_lines.found(["x = 1", 'api_key = "abcdefgh"', LINE]))

        digest = hashlib.sha1(KEY.encode()).hexdigest()
        self.assertEqual(found, [(2, [("AWS Access Key", digest)])])

    def test_a_constant_that_holds_its_own_name_is_no_secret(self):
        name = "PASSWORD" + "_TOO_SHORT"
        names = [f'{name} = "password_too_short"', f"    MY_{name}_CODE = '{name.lower()}'"]
        # A value of one word, one that is not the name, and a name in small letters may be real.
        real = ['MY_PASSWORD = "pass' + 'word"', f'{name} = "correct-horse-battery"']
        real.append("client_" + 'secret = "client_secret"')

        found = list(_secret_lines.found([*names, *real]))

        self.assertEqual([index for index, _ in found], [2, 3, 4])

    def test_what_is_found_is_written_to_the_target(self):
        self.write({"lines.json": json.dumps([LINE])})
        target = self.root / "found.json"

        _secret_lines.main(str(self.root / "lines.json"), str(target))

        self.assertEqual([index for index, _ in json.loads(target.read_text())], [0])
