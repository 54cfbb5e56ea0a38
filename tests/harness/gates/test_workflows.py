import contextlib
import io
import json
import os
import sysconfig
from unittest import mock

from django.test import tag

from quality_harness.gate import Checked, CouldNotRun
from quality_harness.gates import (
    _binary,
    _schema,
    _schema_run,
    _shell_blocks,
    _yaml,
    _zizmor_hints,
    workflows,
)
from quality_harness.gates.workflows import GATE, Options
from tests.harness.projects import ProjectCase, places

PATH = ".github/workflows/ci.yml"
PIN = "0123456789012345678901234567890123456789"
HEAD = """\
name: CI
on: pull_request
permissions: {}
concurrency:
  group: ci-${{ github.ref }}
  cancel-in-progress: true
"""
JOBS = f"""\
jobs:
  lint:
    name: Lint
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {{contents: read}}
    steps:
      - uses: actions/checkout@{PIN}  # v7
        with:
          persist-credentials: false
      - run: make lint
  tests:
    name: Tests
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: |
          make setup
          make test
"""
AGGREGATE = """\
  all-green:
    name: All green
    if: always()
    needs: [lint, tests]
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    env:
      RESULTS: ${{ join(needs.*.result, ' ') }}
    steps:
      - run: |
          for result in $RESULTS; do
            test "$result" = success || exit 1
          done
"""
GOOD = HEAD + JOBS + AGGREGATE


class WorkflowCase(ProjectCase):
    """A project with one GitHub workflow."""

    def judge(self, text: str, **options: object) -> Checked:
        """Judge a workflow."""
        self.write({PATH: text})
        return self.check(GATE, options=Options(**options))

    def replaced(self, old: str, new: str, **options: object) -> list[str]:
        """Return the codes and messages of the good workflow with one change."""
        self.assertIn(old, GOOD)
        checked = self.judge(GOOD.replace(old, new, 1), **options)
        return [f"{finding.code} {finding.message}" for finding in checked.findings]


@tag("slow")
class OutsideToolsTests(WorkflowCase):
    def test_a_good_workflow_is_left_alone(self):
        checked = self.judge(GOOD)

        self.assertEqual((checked.findings, checked.checked), ((), 1))
        self.assertEqual(checked.note, "3 scripts in them")

    def test_a_misspelled_key_is_found_where_it_stands(self):
        checked = self.judge(GOOD.replace("- run: make lint", "- rn: make lint"))

        self.assertEqual(places(checked), [("WFL001", PATH, 17)])
        self.assertIn("$.jobs.lint.steps[1]: ", checked.findings[0].message)

    def test_a_file_that_has_not_changed_is_not_read_again_be_it_good_or_bad(self):
        for text in (GOOD, GOOD.replace("- run: make lint", "- rn: make lint")):
            first = self.judge(text)
            with mock.patch.object(_schema, "run_module") as run_module:
                again = self.judge(text)

            self.assertEqual(again, first)
            run_module.assert_not_called()
        self.assertEqual(places(first), [("WFL001", PATH, 17)])

    def test_another_version_of_check_jsonschema_reads_every_file_again(self):
        self.judge(GOOD)
        silent = mock.Mock(stdout="", stderr="", returncode=0)
        with (
            mock.patch.object(_schema, "versions", return_value=["check-jsonschema 99"]),
            mock.patch.object(_schema, "run_module", return_value=silent),
            self.assertRaisesRegex(CouldNotRun, "check-jsonschema failed"),
        ):
            self.judge(GOOD)

    def test_only_the_files_that_have_changed_are_read_and_all_errors_are_told(self):
        other, bad = ".github/workflows/other.yml", GOOD.replace("- run: make", "- rn: make", 1)
        self.write({other: bad})
        self.judge(bad)
        real = _schema.run_module
        with mock.patch.object(_schema, "run_module", side_effect=real) as run_module:
            checked = self.judge(GOOD)

        self.assertEqual(places(checked), [("WFL001", other, 17)])
        ((call,),) = [json.loads(each.args[1][0]) for each in run_module.call_args_list]
        self.assertEqual(call[-1:], [str(self.root / PATH)])
        self.assertNotIn(str(self.root / other), call)

    def test_a_fresh_run_reads_every_file_again(self):
        self.judge(GOOD)
        silent = mock.Mock(stdout="", stderr="", returncode=0)
        with (
            mock.patch.object(_schema, "run_module", return_value=silent),
            self.assertRaisesRegex(CouldNotRun, "check-jsonschema failed"),
        ):
            self.check(GATE, options=Options(), fresh=True)

    def test_a_finding_of_zizmor_says_what_to_write(self):
        url = "https://docs.zizmor.sh/audits/"

        self.assertEqual(
            _zizmor_hints.hint("artipacked", url),
            f"add to the step: with: {{persist-credentials: false}} ({url})",
        )
        self.assertEqual(_zizmor_hints.hint("new", url), f"mend it as its page says ({url})")

    def test_an_injection_is_found(self):
        (found,) = self.replaced(
            "run: make lint", "run: echo ${{ github.event.pull_request.title }}"
        )

        self.assertRegex(found, "^WFL002 template-injection: ")

    def test_an_action_that_is_not_pinned_and_missing_permissions_are_found(self):
        (unpinned,) = self.replaced(f"{PIN}  # v7", "v7")
        broad = self.replaced("permissions: {}\n", "")

        self.assertRegex(unpinned, "^WFL002 unpinned-uses: ")
        self.assertRegex(broad[0], "^WFL002 excessive-permissions: ")

    def test_zizmors_own_comments_are_heeded(self):
        text = GOOD.replace(f"{PIN}  # v7", "v7  # zizmor: ignore[unpinned-uses]")

        self.assertEqual(self.judge(text).findings, ())

    def test_a_faulty_script_is_found_where_it_stands(self):
        checked = self.judge(GOOD.replace("          make test", "          cp $FROM there"))

        self.assertEqual(places(checked), [("SC2086", PATH, 25)])

    def test_expressions_in_a_script_are_words(self):
        text = GOOD.replace("make test", 'test "${{ runner.os }}" = Linux')

        self.assertEqual(self.judge(text, persona="regular").findings, ())

    def test_scripts_of_other_shells_are_left_alone(self):
        text = GOOD.replace("- run: make lint", "- run: cp $a b\n        shell: pwsh")
        windows = GOOD.replace("runs-on: ubuntu-24.04", "runs-on: windows-2025").replace(
            "make lint", "cp $a b"
        )

        self.assertEqual(self.judge(text).findings, ())
        self.assertEqual(self.judge(windows).findings, ())

    def test_actions_and_gitlab_pipelines_are_judged(self):
        self.write(
            {
                ".github/actions/setup/action.yml": """
                    name: Setup
                    description: Sets up
                    runs:
                      using: composite
                      steps:
                        - run: cp $FROM there
                          shell: bash
                    """,
                ".gitlab-ci.yml": """
                    lint:
                      before_script: echo ok
                      script:
                        - make lint
                        - cp $FROM there
                        - !reference [.other, script]
                    tests:
                      scrpt: [make]
                    """,
            }
        )

        checked = self.judge(GOOD)

        self.assertEqual(
            sorted(places(checked)),
            [
                ("SC2086", ".github/actions/setup/action.yml", 6),
                ("SC2086", ".gitlab-ci.yml", 5),
                ("WFL001", ".gitlab-ci.yml", 7),
            ],
        )

    def test_a_project_with_gitlab_alone_is_judged(self):
        self.write({".gitlab-ci.yml": "lint:\n  script: [make lint]\n"})

        self.assertEqual(self.check(GATE).findings, ())

    def test_an_included_file_that_takes_inputs_is_named_and_not_read(self):
        text = "include: ci.yml\nlint:\n  script: [make lint]\n"
        self.write({".gitlab-ci.yml": text, "ci.yml": "spec: {inputs: {a: }}\n---\na: 1\n"})

        checked = self.check(GATE)

        self.assertEqual(checked.findings, ())
        self.assertEqual(
            checked.note, "1 scripts in them; not read, since they take inputs: ci.yml"
        )

    def test_what_an_anchor_repeats_is_told_once(self):
        image = "\n    services: &s\n      db:\n        image: postgres:18"
        text = GOOD.replace("    name: Lint", f"    name: Lint{image}", 1)
        text = text.replace("    name: Tests", "    name: Tests\n    services: *s", 1)

        checked = self.judge(text)

        self.assertEqual(places(checked), [("WFL002", PATH, 12)])
        self.assertRegex(checked.findings[0].hint, r"^[a-z].* \(https://docs\.zizmor\.sh/")
        self.assertEqual(self.judge(text, persona="regular").findings, ())

    def test_odd_names_are_judged(self):
        name = '.github/workflows/a "b"\nc.yml'
        self.write({name: GOOD.replace("ubuntu-24.04", "ubuntu-24.4", 1)})

        self.assertEqual(places(self.check(GATE)), [("WFL004", name, 10)])


@tag("slow")
class OwnRulesTests(WorkflowCase):
    def test_an_aggregate_that_may_be_skipped_is_found(self):
        (found,) = self.replaced("    if: always()\n", "")
        (cancelled,) = self.replaced("always()", "${{ !cancelled() }}")

        self.assertIn("WFL003 the job 'all-green' stands for others, and it is skipped", found)
        self.assertIn("WFL003", cancelled)

    def test_an_aggregate_of_a_single_job_that_may_be_skipped_is_found(self):
        alone = GOOD.replace("needs: [lint, tests]", "needs: [tests]")
        alone = alone.replace("    name: Tests\n", "    name: Tests\n    needs: lint\n")

        (found,) = self.judge(alone.replace("    if: always()\n", "")).findings

        self.assertIn("it is skipped", found.message)
        self.assertEqual(self.judge(alone).findings, ())

    def test_a_job_that_tells_of_another_ones_result_is_left_alone(self):
        telling = GOOD.replace("needs: [lint, tests]", "needs: [tests]")
        telling = telling.replace("join(needs.*.result, ' ')", "needs.tests.result")

        self.assertEqual(self.judge(telling.replace("always()", "failure()")).findings, ())

    def test_an_aggregate_that_asks_for_no_result_is_found(self):
        (found,) = self.replaced("join(needs.*.result, ' ')", "github.ref")

        self.assertIn("never asks for their results", found)

    def test_an_aggregate_that_asks_for_failures_alone_is_found(self):
        text = GOOD.replace('test "$result" = success || exit 1', 'test "$result" != failure')

        (finding,) = self.judge(text).findings

        self.assertIn("passes where one of them is cancelled or skipped", finding.message)

    def test_an_aggregate_that_refuses_all_three_is_left_alone(self):
        text = GOOD.replace(
            'test "$result" = success || exit 1',
            'case "$result" in failure|cancelled|skipped) exit 1;; esac',
        )

        self.assertEqual(self.judge(text).findings, ())

    def test_a_workflow_that_is_called_at_the_end_is_no_aggregate(self):
        called = (
            "  notify:\n    name: Notify\n    if: failure()\n    needs: [lint, tests]\n"
            f"    permissions: {{}}\n    uses: shop/ci/.github/workflows/notify.yml@{PIN}  # v1\n"
        )

        codes = [code for code, _, _ in places(self.judge(HEAD + JOBS + called))]

        self.assertNotIn("WFL003", codes)

    def test_an_aggregate_that_does_not_need_every_job_is_found(self):
        extra = "\n  types:\n    name: T\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n" + (
            "    steps:\n      - run: make types\n"
        )
        found = self.judge(GOOD + extra).findings
        after = self.judge(
            GOOD + extra.replace("    name: T", "    name: T\n    needs: [all-green]")
        )
        sometimes = self.judge(
            GOOD + extra.replace("    name: T", "    name: T\n    if: failure()")
        )

        self.assertIn("does not need types", found[0].message)
        self.assertEqual((after.findings, sometimes.findings), ((), ()))

    def test_a_job_that_another_one_needs_is_waited_for(self):
        setup = "  setup:\n    name: S\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n" + (
            "    steps:\n      - run: make setup\n"
        )
        text = GOOD.replace("jobs:\n", f"jobs:\n{setup}")
        for name in ("Lint", "Tests"):
            text = text.replace(f"    name: {name}\n", f"    name: {name}\n    needs: setup\n")

        self.assertEqual(self.judge(text).findings, ())

    def test_an_aggregate_of_one_job_is_judged(self):
        text = GOOD.replace("needs: [lint, tests]", "needs: lint").replace("    if: always()\n", "")
        text = text.replace("  tests:\n", "  tests:\n    needs: all-green\n")

        (finding,) = self.judge(text).findings

        self.assertIn("it is skipped", finding.message)

    def test_a_job_that_tells_of_the_one_that_it_needs_is_left_alone(self):
        text = GOOD.replace("needs: [lint, tests]", "needs: lint").replace("needs.*", "needs.lint")
        text = text.replace("if: always()", "if: failure()")

        self.assertEqual(self.judge(text).findings, ())

    def test_a_job_that_is_needed_and_not_there_is_found(self):
        (found,) = self.replaced("needs: [lint, tests]", "needs: [lint, tests, type]")

        self.assertEqual(
            found, "WFL008 the job 'all-green' needs 'type', and the workflow has no such job"
        )

    def test_a_runner_that_github_does_not_have_is_found(self):
        (found,) = self.replaced("ubuntu-24.04", "ubuntu-24.4")

        self.assertIn("WFL004 the job 'lint' asks for the runner 'ubuntu-24.4'", found)
        self.assertEqual(self.replaced("ubuntu-24.04", "big", runners=("big",)), [])

    def test_runners_of_ones_own_and_known_ones_are_left_alone(self):
        for label in (
            "macos-15",
            "windows-2025",
            "ubuntu-24.04-arm",
            "[self-hosted, gpu]",
            "{group: mine}",
            "{labels: [ubuntu-24.04]}",
            "${{ vars.RUNNER }}",
        ):
            found = self.replaced("runs-on: ubuntu-24.04", f"runs-on: {label}", persona="regular")
            self.assertEqual([one for one in found if "WFL004" in one], [], label)

    def test_a_runner_out_of_the_matrix_is_found(self):
        matrix = (
            "strategy:\n      matrix:\n        os: [ubuntu-24.04, ubuntu-9]\n        include:\n"
            "          - os: windos\n    runs-on: ${{ matrix.os }}"
        )

        found = self.replaced("runs-on: ubuntu-24.04", matrix)

        self.assertEqual(len([one for one in found if "'ubuntu-9'" in one]), 1)
        self.assertEqual(len([one for one in found if "'windos'" in one]), 1)

    def test_an_unknown_matrix_key_is_found_and_a_known_one_is_left_alone(self):
        start = "strategy:\n      matrix:\n        python: ['3.11']\n        include:\n"
        more = "          - django: '5.2'\n    env:\n      P: ${{ matrix.%s }}\n"
        more += "    runs-on: ubuntu-24.04"

        (found,) = self.replaced("runs-on: ubuntu-24.04", f"{start}{more % 'pyhton'}")

        self.assertIn("uses matrix.pyhton, and its matrix has no such key", found)
        for key in ("python", "django"):
            self.assertEqual(self.replaced("runs-on: ubuntu-24.04", f"{start}{more % key}"), [])

    def test_a_matrix_that_an_expression_makes_is_left_alone(self):
        made = (
            "strategy:\n      matrix: ${{ fromJSON(vars.M) }}\n    env:\n      P: ${{ matrix.x }}\n"
        )

        found = self.replaced("runs-on: ubuntu-24.04", f"{made}    runs-on: ubuntu-24.04")

        self.assertEqual(found, [])

    def test_paths_in_the_trigger_are_found(self):
        on = "on:\n  pull_request:\n    paths-ignore: ['docs/**']"

        (found,) = self.replaced("on: pull_request", on)

        self.assertIn("WFL006 pull_request is filtered by paths-ignore", found)
        self.assertEqual(self.replaced("on: pull_request", on, optional=(PATH,)), [])

    def test_paths_of_a_push_are_left_alone(self):
        on = "on:\n  pull_request:\n  push:\n    paths: ['docs/**']"

        self.assertEqual(self.replaced("on: pull_request", on), [])

    def test_a_job_without_a_timeout_is_found(self):
        (found,) = self.replaced("    timeout-minutes: 5\n", "")

        self.assertEqual(found, "WFL007 the job 'lint' has no timeout-minutes")


class CouldNotRunTests(WorkflowCase):
    def test_without_a_workflow_it_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "There is no workflow"):
            self.check(GATE)

    def test_a_workflow_that_is_not_yaml_could_not_run(self):
        for text in ("a: [\n", "a: 1\na: 2\n"):
            with self.assertRaisesRegex(CouldNotRun, "ci.yml is not valid YAML"):
                self.judge(text)

    def test_a_workflow_that_is_no_mapping_could_not_run(self):
        for text in ("- a\n", ""):
            with self.assertRaisesRegex(CouldNotRun, "holds no mapping"):
                self.judge(text)

    def test_a_missing_tool_could_not_run(self):
        with (
            mock.patch.object(sysconfig, "get_path", return_value="/nowhere"),
            mock.patch.dict(os.environ, {"PATH": "/nowhere"}),
            self.assertRaisesRegex(CouldNotRun, r"zizmor is not installed .*\[workflows\]"),
        ):
            _binary.run_binary("zizmor", [], cwd=self.root, extra="workflows")

    def test_tools_that_say_nothing_could_not_run(self):
        silent = mock.Mock(stdout="", stderr="", returncode=0)
        self.write({PATH: GOOD})
        project = self.project(Options())
        block = _shell_blocks.Block(PATH, _shell_blocks.Text("make", 1), "bash")
        with (
            mock.patch.object(workflows, "run_binary", return_value=silent),
            mock.patch.object(_shell_blocks, "run_binary", return_value=silent),
            mock.patch.object(_schema, "run_module", return_value=silent),
        ):
            with self.assertRaisesRegex(CouldNotRun, "zizmor failed: it said nothing"):
                list(workflows._insecure(project, [PATH]))
            with self.assertRaisesRegex(CouldNotRun, "shellcheck failed: it said nothing"):
                list(_shell_blocks.check_blocks(project, [block]))
            with self.assertRaisesRegex(CouldNotRun, "check-jsonschema failed: it said nothing"):
                list(_schema.schema_errors(project, {"github-workflows": [PATH]}, "workflows"))

    @tag("slow")
    def test_a_file_that_check_jsonschema_cannot_read_could_not_run(self):
        self.write({PATH: GOOD, "sub/bad.yml": "a: [\n"})
        for _ in range(2):
            with self.assertRaises(CouldNotRun) as caught:
                list(
                    _schema.schema_errors(
                        self.project(Options()),
                        {"github-workflows": [PATH, "sub/bad.yml"]},
                        "workflows",
                    )
                )

            told = "check-jsonschema cannot parse sub/bad.yml. Mend it first."
            self.assertEqual(str(caught.exception), told)

    def test_schemas_are_asked_one_after_the_other_in_one_process(self):
        self.write({PATH: GOOD, "bad.yml": "on: 1\n"})
        asked = ["--builtin-schema=vendor.github-workflows", "--output-format=json", "--"]
        calls = [[*asked, str(self.root / name)] for name in (PATH, "bad.yml")]

        with contextlib.redirect_stdout(io.StringIO()) as said:
            _schema_run.main(json.dumps(calls))

        good, bad = map(json.loads, json.loads(said.getvalue()))
        self.assertEqual((good["errors"], good["status"], bad["status"]), ([], "ok", "fail"))

    def test_a_key_without_a_value_has_no_text_below_it(self):
        self.assertEqual(
            list(_yaml.texts({"env": None, "needs": ["a", 1]})), ["env", "needs", "a", "1"]
        )

    def test_a_place_that_the_document_does_not_have_is_the_last_one_that_it_has(self):
        self.write({PATH: GOOD})
        document = _yaml.read_yaml(self.root, PATH, "workflows")

        self.assertEqual(_schema.SchemaError(PATH, "$.jobs.gone[3]", "x").line_in(document), 7)
