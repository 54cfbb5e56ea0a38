from dataclasses import replace

from quality_harness.finding import Severity
from quality_harness.gates import containers, workflows
from quality_harness.gates._tool_files import switched_off
from tests.harness.gates.branches import BranchCase

HADOLINT = ".hadolint.yaml"


class SwitchedOffTests(BranchCase):
    """A file of a tool on the branch; `main` has none."""

    def hadolint(self, text: str) -> list[tuple[str, int, bool]]:
        """Return the code and line of what hadolint's file switches off, and whether it counts."""
        self.write({HADOLINT: text})
        return self.found("containers", containers.SWITCHED_OFF)

    def found(self, extra, rule) -> list[tuple[str, int, bool]]:
        project = self.project()
        project = replace(project, changes=replace(project.changes, base=self.base))
        found = switched_off(project, rule, extra)
        return [(one.code, one.location.line, one.severity is Severity.ERROR) for one in found]

    def test_a_rule_that_the_change_switches_off_without_a_reason_is_found(self):
        self.assertEqual(self.hadolint("ignored: [DL3007]\n"), [("CNT008", 1, True)])
        self.assertEqual(self.hadolint("override:\n  info:\n    - DL3007\n"), [("CNT008", 3, True)])
        self.write({".github/zizmor.yml": "rules:\n  unpinned-uses: {disable: true}\n"})
        self.assertEqual(self.found("workflows", workflows.SWITCHED_OFF), [("WFL011", 2, True)])

    def test_one_with_a_reason_is_only_told(self):
        beside = "ignored: [DL3008]  # Debian takes old versions away\n"

        self.assertEqual(self.hadolint(beside), [("CNT008", 1, False)])
        self.assertEqual(
            self.hadolint("ignored:\n  # Debian takes them away\n  - DL3008\n"),
            [("CNT008", 3, False)],
        )
        self.assertEqual(self.hadolint("ignored:  # some\n  - DL3008\n"), [("CNT008", 2, True)])

    def test_one_that_the_base_switches_off_is_only_told(self):
        self.base = self.commit({HADOLINT: "ignored: [DL3007]\n"})

        self.assertEqual(
            self.hadolint("ignored:\n  - DL3007\n  - DL3006\n"),
            [("CNT008", 2, False), ("CNT008", 3, True)],
        )
        self.base = self.commit({HADOLINT: "a: [\n"})
        self.assertEqual(self.hadolint("ignored: [DL3007]\n"), [("CNT008", 1, True)])

    def test_without_a_base_all_is_only_told(self):
        self.base = None

        self.assertEqual(self.hadolint("ignored: [DL3007]\n"), [("CNT008", 1, False)])

    def test_a_file_that_switches_nothing_off_is_left_alone(self):
        self.assertEqual(self.hadolint("trustedRegistries: [docker.io]\nfailure: 1\n"), [])
        self.write({"zizmor.yml": "rules:\n  unpinned-uses: {config: {policies: {a: any}}}\n"})
        self.assertEqual(self.found("workflows", workflows.SWITCHED_OFF), [])
