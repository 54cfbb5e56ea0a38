"""The runners themselves, on small workflows and pipelines: what they run and what they refuse."""

import tempfile
import textwrap
import unittest
from pathlib import Path

from tests.acceptance import github, gitlab
from tests.acceptance.events import Event, Published, git, publish
from tests.acceptance.machine import Machine, Refused, Tools

WORKFLOW = """
    name: Small
    on:
      pull_request:
      workflow_call:
        inputs:
          word: {type: string}
    jobs:
      one:
        runs-on: ubuntu-24.04
        outputs:
          said: ${{ steps.say.outputs.said }}
        steps:
          - uses: actions/checkout@0123456789abcdef
            with: {fetch-depth: 0}
          - id: say
            run: |
              echo "said=${{ inputs.word || 'hello' }}" >> "$GITHUB_OUTPUT"
              echo "LATER=yes" >> "$GITHUB_ENV"
          - run: test "$LATER" = yes && test -f file.txt && git rev-parse origin/main
          - run: echo "| pass | a |" >> "$GITHUB_STEP_SUMMARY"
      two:
        needs: one
        runs-on: ubuntu-24.04
        strategy:
          matrix: {row: [a, b]}
        steps:
          - run: test "${{ needs.one.outputs.said }}" = hello
          - run: echo ${{ matrix.row }}
      green:
        if: always()
        needs: [one, two]
        runs-on: ubuntu-24.04
        env:
          RESULTS: ${{ join(needs.*.result, ' ') }}
        steps:
          - run: test "$RESULTS" = "success success"
"""
PIPELINE = """
    variables:
      WORD: hello
    gates:
      rules:
        - if: $CI_PIPELINE_SOURCE == "merge_request_event"
        - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      variables:
        GIT_DEPTH: "0"
      before_script:
        - FOUND=$(cat file.txt)
      script:
        - test "$WORD-$FOUND" = "hello-text"
        - git rev-parse origin/main
        - echo "$CI_COMMIT_SHA" > made.txt
      artifacts:
        when: always
        paths: [made.txt]
"""


class PlainMachine(Machine):
    """A machine without a toolkit of its own: quick, for steps that need none."""

    def variables(self, tools: Tools, home: Path) -> dict[str, str]:
        """Return the least that a shell needs."""
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home)}


class RunnerCase(unittest.TestCase):
    """A test with a published branch of two commits."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        work, bare = self.folder / "author", self.folder / "host.git"
        work.mkdir()
        git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        git(work, "init", "--quiet", "--initial-branch=main")
        git(work, "commit", "--quiet", "--allow-empty", "--message", "first")
        git(work, "push", "--quiet", str(bare), "HEAD:refs/heads/main")
        (work / "file.txt").write_text("text\n", encoding="utf-8")
        git(work, "add", "--all")
        git(work, "commit", "--quiet", "--message", "second")
        self.work, self.bare = work, bare
        self.machine = PlainMachine(self.folder)

    def published(self, kind: str = "pull_request") -> Published:
        """Return the branch as an event of that kind leaves it."""
        return publish(self.work, self.bare, Event(kind=kind))

    def written(self, text: str) -> Path:
        """Return a file of that text."""
        path = self.folder / "file.yml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path


class WorkflowTests(RunnerCase):
    def results(self, text: str, **values: object) -> dict[str, str]:
        """Run a workflow and return each job's result."""
        call = github.Call(self.published(), **values)
        place = Path(tempfile.mkdtemp(dir=self.folder))
        runs = github.run_workflow(self.written(text), self.machine, place, call)
        self.runs = runs
        return {name: run.result for name, run in runs.items()}

    def assert_refused(self, old: str, new: str, said: str) -> None:
        """Assert that a workflow with something replaced is refused."""
        self.assertIn(old, WORKFLOW)
        with self.assertRaisesRegex(Refused, said):
            self.results(WORKFLOW.replace(old, new))

    def test_runs_steps_in_order_with_outputs_variables_needs_and_matrix(self) -> None:
        results = self.results(WORKFLOW)

        self.assertEqual(results, {"one": "success", "two": "success", "green": "success"})
        self.assertEqual(self.runs["one"].summary, "| pass | a |\n")
        self.assertEqual(
            [done.output for name, done in self.runs["two"].steps if name.startswith("echo")],
            ["a\n", "b\n"],
        )

    def test_inputs_are_those_of_the_call(self) -> None:
        results = self.results(WORKFLOW, inputs={"word": "other"})

        self.assertEqual(results, {"one": "success", "two": "failure", "green": "failure"})

    def test_a_matrix_may_be_rows_alone(self) -> None:
        rows = WORKFLOW.replace("matrix: {row: [a, b]}", "matrix: {include: [{row: c}]}")

        self.assertEqual(self.results(rows)["two"], "success")
        self.assertEqual(self.runs["two"].steps[-1][1].output, "c\n")

    def test_a_step_after_a_failed_one_is_not_run(self) -> None:
        self.results(WORKFLOW.replace("echo ${{ matrix.row }}", "exit 1"))

        self.assertEqual(len(self.runs["two"].steps), 4)
        results = self.results(
            WORKFLOW.replace('test "$LATER" = yes', "false").replace("a, b", "a")
        )
        self.assertEqual(results, {"one": "failure", "two": "skipped", "green": "failure"})
        self.assertEqual(len(self.runs["one"].steps), 3)

    def test_a_cancelled_job_is_no_success(self) -> None:
        results = self.results(WORKFLOW, cancelled=("two",))

        self.assertEqual(results, {"one": "success", "two": "cancelled", "green": "failure"})

    def test_without_always_the_job_that_stands_for_all_is_skipped(self) -> None:
        results = self.results(
            WORKFLOW.replace("if: always()", "if: success()"), cancelled=("one",)
        )

        self.assertEqual(results["green"], "skipped")

    def test_a_shallow_checkout_has_one_commit(self) -> None:
        text = WORKFLOW.replace("with: {fetch-depth: 0}", "with: {persist-credentials: false}")

        self.assertEqual(self.results(text)["one"], "failure")

    def test_a_step_that_takes_too_long_is_ended(self) -> None:
        text = WORKFLOW.replace("echo ${{ matrix.row }}", "sleep 60")
        text = text.replace("    strategy:", "    timeout-minutes: 0.005\n        strategy:")

        self.assertEqual(self.results(text)["two"], "failure")

    def test_what_is_not_understood_is_refused(self) -> None:
        for old, new, said in (
            ("name: Small", "name: Small\n    defaults: {}", "defaults"),
            ("needs: one", "needs: one\n        container: x", "container"),
            ("- id: say", "- id: say\n            continue-on-error: true", "continue-on-error"),
            ("matrix: {row", "matrix: {include: [{row: c}], row", "matrix"),
            ("actions/checkout@", "actions/cache@", "actions/cache"),
            ("fetch-depth: 0", "path: there", "path"),
            ("${{ matrix.row }}", "${{ matrix.column }}", "column"),
            ("${{ matrix.row }}", "${{ secrets.TOKEN }}", "secrets"),
            ("- id: say", "- id: say\n            shell: pwsh", "pwsh"),
            ("needs: one", "needs: green", "wait for one another"),
            ("on:\n      pull_request:", "on:\n      push:", "does not run for pull_request"),
            ("      pull_request:\n", "      pull_request: {paths: [a]}\n", "paths"),
            ("needs: one", "needs: one\n        services: {a: {image: redis}}", "redis"),
            ("- run: echo ${{ matrix.row }}", "- name: nothing", "either run or uses"),
        ):
            with self.subTest(new):
                self.assert_refused(old, new, said)

    def test_a_workflow_that_is_no_yaml_is_refused(self) -> None:
        for text in ("on: [push\njobs: {", "- a\n", "only a text"):
            with self.subTest(text), self.assertRaises(Refused):
                self.results(text)


class PipelineTests(RunnerCase):
    def run_pipeline(
        self, text: str, kind: str = "pull_request", **values: object
    ) -> gitlab.JobRun:
        """Run a pipeline and return what came of its job."""
        call = gitlab.Call(self.published(kind), **values)
        place = Path(tempfile.mkdtemp(dir=self.folder))
        return gitlab.run_pipeline(self.written(text), self.machine, place, call)["gates"]

    def test_runs_its_lines_in_one_shell_and_keeps_artifacts(self) -> None:
        ran = self.run_pipeline(PIPELINE)

        self.assertEqual((ran.result, ran.done.output.count("\n")), ("success", 1))
        self.assertEqual(ran.artifacts["made.txt"].strip(), git(self.work, "rev-parse", "HEAD"))

    def test_a_push_to_the_default_branch_is_asked_for(self) -> None:
        self.assertEqual(self.run_pipeline(PIPELINE, "push").result, "success")

    def test_a_line_that_fails_ends_it(self) -> None:
        ran = self.run_pipeline(PIPELINE, variables={"WORD": "other"})

        self.assertEqual((ran.result, ran.artifacts), ("failure", {}))

    def test_a_shallow_clone_has_no_other_branch(self) -> None:
        self.assertEqual(self.run_pipeline(PIPELINE.replace('"0"', '"1"')).result, "failure")

    def test_rules_that_ask_for_nothing_make_no_pipeline(self) -> None:
        with self.assertRaises(gitlab.NoPipeline):
            self.run_pipeline(PIPELINE.replace("merge_request_event", "web"))

    def test_an_included_file_is_read(self) -> None:
        self.written(PIPELINE)
        path = self.folder / "root.yml"
        path.write_text("include:\n  - local: /file.yml\n", encoding="utf-8")

        self.assertEqual(gitlab.jobs_of(gitlab.read_pipeline(path)), ["gates"])

    def test_what_is_not_understood_is_refused(self) -> None:
        for old, new, said in (
            ("      script:", "      retry: 2\n      script:", "retry"),
            ("      script:", "      allow_failure: true\n      script:", "allowed to fail"),
            ("      script:", "      timeout: 1h\n      script:", "1h"),
            ("      script:", "      services: [{name: redis}]\n      script:", "redis"),
            ("WORD: hello", "WORD: $OTHER", "WORD"),
            ("WORD: hello", "WORD: 1", "no text"),
            ("when: always", "when: on_failure", "artifacts"),
            ('== "merge_request_event"', "=~ /merge/", "condition"),
            (
                "        - if: $CI_PIPELINE",
                "        - when: never\n        - if: $CI_PIPELINE",
                "rule",
            ),
            (
                "    variables:\n      WORD",
                "    workflow: {rules: []}\n    variables:\n      WORD",
                "rules",
            ),
        ):
            with self.subTest(new), self.assertRaisesRegex(Refused, said):
                self.assertIn(old, PIPELINE)
                self.run_pipeline(PIPELINE.replace(old, new, 1))

    def test_a_file_that_is_no_yaml_is_refused(self) -> None:
        for text in ("a: [", "- a\n", "include:\n  - remote: https://example.org/a.yml\n"):
            with self.subTest(text), self.assertRaises(Refused):
                self.run_pipeline(text)


class RuleTests(unittest.TestCase):
    def test_conditions(self) -> None:
        variables = {"A": "x", "B": "x", "EMPTY": ""}
        for source, value in (
            ("$A", True),
            ("$EMPTY", False),
            ("$GONE == null", True),
            ("$A != null", True),
            ('$A == "x" && $A == $B', True),
            ('$A == "y" || $B == "x"', True),
            ('$A == "y" && $B == "x"', False),
        ):
            with self.subTest(source):
                self.assertIs(gitlab.holds(source, variables), value)
