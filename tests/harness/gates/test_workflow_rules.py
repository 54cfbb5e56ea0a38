import os
import textwrap
from unittest import mock

from quality_harness.finding import Finding
from quality_harness.gate import Changes
from quality_harness.gates import _base_triggers, _ci_files, _gate_runs, _references
from quality_harness.gates import _shell_blocks, _workflow_rules
from quality_harness.gates._yaml import read_yaml
from quality_harness.gates.workflows import Options
from tests.harness.gates.branches import BranchCase
from tests.harness.projects import ProjectCase

PATH = ".github/workflows/ci.yml"
JOBS = """\
on: pull_request
jobs:
  lint:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: make lint
  gates:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: quality-harness gate
"""
LAST = """\
  last:
    needs: [lint, gates]
    if: always()
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    env:
      RESULTS: ${{ join(needs.*.result, ' ') }}
    steps:
      - run: |
          for one in $RESULTS; do test "$one" = success || exit 1; done
"""
SCRIPT = 'for one in $RESULTS; do test "$one" = success || exit 1; done'


class RulesCase(ProjectCase):
    """One workflow, judged by our own rules alone."""

    def findings(self, text: str) -> list[Finding]:
        """Return what they find."""
        self.write({PATH: text})
        document = read_yaml(self.root, PATH, "workflows")
        workflow = _workflow_rules.Workflow(PATH, document)
        runs = _gate_runs.Runs({PATH: document})
        judges = (_workflow_rules.judge(workflow), _references.judge(workflow))
        found = [one for judge in judges for one in judge]
        return [*found, *_gate_runs.powerless(workflow, runs)]

    def codes(self, text: str) -> list[str]:
        """Return the codes of what they find."""
        return [one.code for one in self.findings(text)]


class AggregateTests(RulesCase):
    def condition(self, condition: str) -> list[str]:
        return self.codes(JOBS + LAST.replace("if: always()", f"if: {condition}"))

    def script(self, script: str) -> list[str]:
        return self.codes(JOBS + LAST.replace(SCRIPT, script))

    def test_a_condition_that_may_be_false_is_found(self):
        for condition in (
            "${{ !always() }}",
            "always() && github.actor != 'x'",
            "always() && !cancelled()",
            "${{ always() && needs.lint.result == 'success' }}",
            "always() && contains(needs.*.result, 'failure')",
            "(always() || x) && y",
            "success() || failure()",
            "github.event.pull_request.title == 'always()'",
            "true",
        ):
            self.assertEqual(self.condition(condition), ["WFL003"], condition)

    def test_a_condition_that_is_true_for_each_pull_request_is_left_alone(self):
        for condition in (
            "${{ always() }}",
            "(always())",
            "ALWAYS()",
            "always() || github.actor == 'x'",
            "always() && github.event_name == 'pull_request'",
            "${{ always() && github.repository == 'shop/shop' }}",
            "always() && needs.lint.result != 'success'",
        ):
            self.assertEqual(self.condition(condition), [], condition)

    def test_a_job_that_fails_where_its_condition_asks_for_all_is_left_alone(self):
        asked = " || ".join(
            f"contains(needs.*.result, '{word}')" for word in ("failure", "cancelled", "skipped")
        )
        last = LAST.replace("always()", f"always() && ({asked})").replace(SCRIPT, "exit 1")

        self.assertEqual(self.codes(JOBS + last), [])

    def test_a_script_that_only_prints_the_word_is_found(self):
        for script in (
            'echo "success"',
            "echo success  # success",
            'echo "$RESULTS"; printf \'%s\\n\' "success"',
            "true # failure cancelled skipped",
        ):
            self.assertEqual(self.script(script), ["WFL003"], script)

    def test_scripts_that_compare_are_left_alone(self):
        for script in (
            "! grep -qvx success <<< \"${RESULTS// /$'\\n'}\"",
            'echo "$RESULTS" | grep -Eq "failure|cancelled|skipped" && exit 1 || exit 0',
            'case "$RESULTS" in *failure*|*cancelled*|*skipped*) exit 1 ;; esac',
            'jq -e \'all(. == "success")\' <<< "$RESULTS"',
            'python ci/all_green.py "success" "$RESULTS"',
        ):
            self.assertEqual(self.script(script), [], script)

    def test_results_that_a_script_or_an_action_is_handed_are_left_alone(self):
        handed = LAST.replace("join(needs.*.result, ' ')", "toJSON(needs)")
        printed = handed.replace(SCRIPT, 'echo "$RESULTS"')
        action = LAST.replace(
            f"run: |\n          {SCRIPT}",
            "uses: re-actors/alls-green@release\n        with: {jobs: '${{ toJSON(needs) }}'}",
        )

        self.assertEqual(self.codes(JOBS + handed.replace(SCRIPT, "./ci/all_green.sh")), [])
        self.assertEqual(self.codes(JOBS + action), [])
        self.assertEqual(self.codes(JOBS + printed), ["WFL003"])

    def test_a_job_that_works_or_tells_after_others_is_no_aggregate(self):
        plain = "  last:\n    needs: [lint, gates]\n    runs-on: ubuntu-24.04\n"
        plain += "    timeout-minutes: 5\n    steps:\n      - run: "
        telling = LAST.replace("always()", "failure()")

        self.assertEqual(self.codes(JOBS + plain + "./deploy.sh\n"), [])
        self.assertEqual(self.codes(JOBS + telling.replace(SCRIPT, 'curl -d "$RESULTS" x')), [])
        used = telling.replace(f"run: |\n          {SCRIPT}", "uses: slackapi/send@v2")
        self.assertEqual(self.codes(JOBS + used), [])
        self.assertEqual(self.codes(JOBS + plain + "echo green\n"), ["WFL003", "WFL003"])

    def test_a_job_that_no_pull_request_sees_is_left_alone(self):
        text = (JOBS + LAST).replace("    if: always()\n", "")

        self.assertEqual(self.codes(text.replace("on: pull_request", "on: [schedule]")), [])
        self.assertEqual(self.codes(text.replace("on: pull_request", "on: [push]")), ["WFL003"])

    def test_odd_shapes_are_left_to_the_schema(self):
        for value in ("7", "{a: 1}", "[[1]]", "[{a: 1}]", "null", "true"):
            for key in ("needs", "if", "steps", "env", "strategy", "uses", "runs-on", "defaults"):
                text = f"{JOBS}  last:\n    timeout-minutes: 5\n    {key}: {value}\n"
                text += "    runs-on: ubuntu-24.04\n" if key != "runs-on" else ""
                found = {*self.codes(text)} - {"WFL004", "WFL003"}
                self.assertEqual(found, set(), f"{key}: {value}")
            for top in ("on", "defaults"):
                self.codes(f"{top}: {value}\njobs: {{}}\n")
        self.assertEqual(self.codes("on: {schedule: [7]}\njobs: {a: 7}\n"), [])


class ReferenceTests(RulesCase):
    def test_jobs_that_wait_for_each_other_are_found(self):
        text = JOBS.replace("  lint:\n", "  lint:\n    needs: gates\n")
        circle = text.replace("  gates:\n", "  gates:\n    needs: [lint]\n")

        self.assertEqual(self.codes(text), [])
        self.assertEqual(self.codes(circle), ["WFL008", "WFL008"])

    def test_a_schedule_that_never_comes_is_found(self):
        for cron in ("99 99 * * *", "0 4 * *", "0 4 0 * *", "60 4 * * *", "0 4 * 13 1-9"):
            text = JOBS.replace("on: pull_request", f"on: {{schedule: [{{cron: '{cron}'}}]}}")
            self.assertEqual(self.codes(text), ["WFL001"], cron)
        for cron in ("*/90 4 * * *", "30 4 1,15 * MON-FRI", "0 0 31 12 7", "5-55/10 * * JAN 0"):
            text = JOBS.replace("on: pull_request", f"on: {{schedule: [{{cron: '{cron}'}}]}}")
            self.assertEqual(self.codes(text), [], cron)

    def test_a_step_that_is_not_there_is_found(self):
        for line in ("if: steps.nope.outputs.x == 'y'", "env: {A: '${{ steps.nope.outcome }}'}"):
            text = JOBS.replace("- run: make lint", f"- run: make lint\n        {line}")
            (found,) = self.findings(text)
            self.assertEqual(found.code, "WFL010")
            self.assertIn("the job 'lint' asks for steps.nope", found.message)

    def test_a_step_that_is_there_and_what_only_looks_so_are_left_alone(self):
        for line in (
            "if: steps.me.outputs.x == 'steps.nope.outputs'",
            "env: {A: 'steps.nope.outputs.x'}",
            "if: github.steps.nope.outputs.x",
        ):
            text = JOBS.replace("- run: make lint", f"- id: me\n        run: a\n        {line}")
            self.assertEqual(self.codes(text), [], line)

    def test_an_action_that_asks_for_a_step_is_judged(self):
        text = "outputs: {a: {value: '${{ steps.me.outputs.x }}'}}\nruns:\n  steps: [{id: me}]\n"
        self.write({"action.yml": text, "bad.yml": text.replace("id: me", "id: you")})

        found = {
            name: [*_references.judge_action(name, read_yaml(self.root, name, "workflows"))]
            for name in ("action.yml", "bad.yml")
        }

        self.assertEqual(found["action.yml"], [])
        self.assertEqual([one.code for one in found["bad.yml"]], ["WFL010"])
        self.assertEqual([*_references.judge_action("a", {"runs": {"using": "node24"}})], [])


class PowerlessTests(RulesCase):
    def gates(self, run: str, more: str = "", job: str = "") -> list[str]:
        """Return the codes where the gates are run so."""
        step = f"- run: |\n{textwrap.indent(run, ' ' * 10)}\n{textwrap.indent(more, ' ' * 8)}"
        text = JOBS.replace("- run: quality-harness gate", step)
        return self.codes(text.replace("  gates:\n", f"  gates:\n{textwrap.indent(job, '    ')}"))

    def test_gates_that_may_fail_are_found(self):
        for value in ("true", "${{ true }}", "'true'"):
            line = f"continue-on-error: {value}\n"
            self.assertEqual(self.gates("quality-harness gate", line), ["WFL009"], value)
            self.assertEqual(self.gates("make gate", job=line), ["WFL009"], value)
        self.assertEqual(self.gates("make gate", "if: false\n"), ["WFL009"])
        used = JOBS.replace(
            "run: quality-harness gate",
            "uses: shop/ci/.github/actions/quality-gates@v1\n        continue-on-error: true",
        )
        self.assertEqual(self.codes(used), ["WFL009"])

    def test_other_steps_and_gates_whose_outcome_is_asked_for_are_left_alone(self):
        line = "continue-on-error: ${{ matrix.new }}\nstrategy: {matrix: {new: [false]}}\n"
        asked = "id: gates\ncontinue-on-error: true\n"
        later = JOBS.replace(
            "- run: quality-harness gate",
            f"- run: quality-harness gate\n{textwrap.indent(asked, ' ' * 8)}"
            "      - if: steps.gates.outcome != 'success'\n        run: exit 1",
        )

        self.assertEqual(self.gates("make gate", job=line), [])
        self.assertEqual(self.gates("make gates", "continue-on-error: true\n"), [])
        self.assertEqual(self.gates("# make gate\nmake", "continue-on-error: true\n"), [])
        self.assertEqual(self.gates("make gate", "continue-on-error: false\n"), [])
        self.assertEqual(self.codes(later), [])

    def test_an_exit_code_that_is_thrown_away_is_found(self):
        for run in (
            "quality-harness gate || true",
            'quality-harness gate --base "a|b" \\\n  lint || :',
            "python -m quality_harness gate || echo 'not green'",
            "make -C shop gate || exit 0",
            "quality-harness gate 2>&1 | tee gates.txt",
            "set +e\nquality-harness gate\necho done",
            "set +e; quality-harness gate; true",
        ):
            self.assertEqual(self.gates(run), ["WFL009"], run)

    def test_an_exit_code_that_counts_is_left_alone(self):
        for run in (
            "quality-harness gate || exit 1",
            "quality-harness gate || { echo no; exit 1; }",
            "quality-harness gate || echo no && exit 1",
            "quality-harness gate; true",
            "quality-harness gate && echo yes",
            "set -o pipefail\nquality-harness gate | tee gates.txt",
            "set +e\nquality-harness gate\ncode=$?\nset -e\nexit $code",
            "set +e\nmake || true\nset -e\nquality-harness gate\necho done",
            "set +e\nquality-harness gate",
            "echo 'quality-harness gate' || true",
        ):
            self.assertEqual(self.gates(run), [], run)

    def test_the_steps_shell_is_heeded(self):
        piped, more = "quality-harness gate | tee gates.txt", "quality-harness gate\necho done"

        self.assertEqual(self.gates(piped, "shell: bash\n"), [])
        self.assertEqual(self.gates(piped, job="defaults: {run: {shell: bash}}\n"), [])
        self.assertEqual(self.gates(more, "shell: bash {0}\n"), ["WFL009"])
        self.assertEqual(self.gates(more, "shell: bash -e {0}\n"), [])

    def test_an_action_and_a_workflow_that_run_the_gates_are_known(self):
        self.write(
            {
                "ci/gates/action.yml": "runs: {steps: [{run: quality-harness gate || true}]}\n",
                ".github/workflows/called.yml": "on: workflow_call\njobs:\n  a:\n    steps:\n"
                "      - uses: $/ci/gates\n",
                PATH: "on: pull_request\njobs:\n  a:\n    continue-on-error: true\n"
                "    uses: ./.github/workflows/called.yml\n",
                ".github/workflows/circle.yml": "jobs:\n  a:\n"
                "    uses: ./.github/workflows/circle.yml\n",
            }
        )
        found = _ci_files.find(self.project(Options()))
        runs = _gate_runs.Runs(found.documents)
        workflow = _workflow_rules.Workflow(PATH, found.workflows[PATH])
        action = found.actions["ci/gates/action.yml"]

        self.assertEqual([one.code for one in _gate_runs.powerless(workflow, runs)], ["WFL009"])
        (finding,) = _gate_runs.powerless_action("ci/gates/action.yml", action, runs)
        self.assertIn("'|| true' takes its exit code", finding.message)
        self.assertFalse(runs.file(".github/workflows/circle.yml"))


class GitLabTests(ProjectCase):
    def found(self, job: str, more: str = "") -> list[tuple[str, int]]:
        self.write({"ci/jobs.yml": f"gates:\n{textwrap.indent(job, '  ')}\n{more}"})
        self.write({".gitlab-ci.yml": "include: [{local: /ci/*.yml}, https://x.org/a.yml]\n"})
        found = _ci_files.find(self.project(Options()))
        jobs = found.pipelines["ci/jobs.yml"]
        findings = _gate_runs.powerless_on_gitlab("ci/jobs.yml", jobs, jobs)
        return [(one.code, one.location.line) for one in findings]

    def test_a_job_that_may_fail_or_waits_is_found(self):
        script = "script: [quality-harness gate]\n"

        self.assertEqual(self.found(script + "allow_failure: true"), [("WFL009", 3)])
        self.assertEqual(self.found(script + "when: manual"), [("WFL009", 3)])
        rules = "rules: [{if: $CI, allow_failure: true}]"
        self.assertEqual(self.found(script + rules), [("WFL009", 2)])
        below = ".below: {allow_failure: true}\n"
        self.assertEqual(self.found(script + "extends: .below", below), [("WFL009", 2)])
        self.assertEqual(self.found("script: [make gate || true]"), [("WFL009", 2)])

    def test_the_line_is_that_of_the_command(self):
        before = "script:\n  - !reference [.setup, script]\n  - make\n  - quality-harness gate\n"

        self.assertEqual(self.found(before + "  - make gate || true\n  - a\n"), [("WFL009", 6)])
        self.assertEqual(
            self.found("script:\n  - set +e\n  - make gate\n  - echo done\n"), [("WFL009", 4)]
        )
        self.assertEqual(self.found("image: a\nscript: make gate || true\n"), [("WFL009", 3)])

    def test_a_job_that_blocks_and_other_jobs_are_left_alone(self):
        script = "script: [quality-harness gate]\n"

        self.assertEqual(self.found(script + "when: manual\nallow_failure: false"), [])
        below = ".below: {allow_failure: true}\nother: !reference [a]\n"
        own = script + "extends: [.below]\nallow_failure: false"
        self.assertEqual(self.found(own, below), [])
        self.assertEqual(self.found("script: [make docs]\nallow_failure: true"), [])
        self.assertEqual(self.found(script + "extends: .gone"), [])

    def test_what_a_pipeline_includes_is_read_but_for_what_takes_inputs(self):
        self.write(
            {
                ".gitlab-ci.yml": "include:\n  - ci/a.yml\n  - local: ci/input.yml\n",
                "ci/a.yml": "include: ci/b.yml\n",
                "ci/b.yml": "include: ci/a.yml\n",
                "ci/c.yml": "a: {script: [a]}\n",
                "ci/input.yml": "spec: {inputs: {a: }}\n---\na: {script: [a]}\n",
            }
        )

        found = _ci_files.find(self.project(Options()))

        self.assertEqual([*found.pipelines], [".gitlab-ci.yml", "ci/a.yml", "ci/b.yml"])
        self.assertEqual(found.left, ("ci/input.yml",))

    def test_scripts_that_come_from_elsewhere_are_left_to_it(self):
        text = ".a: &a\n  script: make\nb:\n  <<: *a\nc:\n  script: !reference [.a, script]\n"
        self.write({".gitlab-ci.yml": text})

        document = read_yaml(self.root, ".gitlab-ci.yml", "workflows")
        blocks = [*_shell_blocks.of_gitlab("a", document)]

        self.assertEqual([one.script.text for one in blocks], ["make", "make"])


class TriggerTests(BranchCase):
    def setUp(self) -> None:
        super().setUp()
        self.git("checkout", "--quiet", "main")
        self.base = self.commit({PATH: JOBS})
        self.git("checkout", "--quiet", "-B", "work")

    def lost(self, files: dict[str, str], *, target: str = "main") -> list[tuple[str, int]]:
        """Return what is found where a branch writes some files."""
        self.commit(files)
        project = self.project(Options())
        kinds = dict.fromkeys(self.git("diff", "--name-only", self.base).splitlines())
        changes = Changes(self.base, f"merge base with origin/{target}, 1a2b3c4", kinds)
        changed = self.project(Options(), changes=changes)
        found = [*_base_triggers.lost(changed, _ci_files.find(project))]
        return [(one.location.path, one.location.line) for one in found]

    def with_trigger(self, trigger: str) -> list[tuple[str, int]]:
        return self.lost({PATH: JOBS.replace("on: pull_request", f"on: {trigger}")})

    def test_a_trigger_that_is_gone_is_found(self):
        for trigger in (
            "workflow_call",
            "{push: {branches: [main]}}",
            "{pull_request: {branches: [never]}}",
            "{pull_request: {branches: ['**', '!main']}}",
            "{pull_request: {branches-ignore: [main]}}",
            "{pull_request: {types: [labeled]}}",
        ):
            self.assertEqual(self.with_trigger(trigger), [(PATH, 1)], trigger)

    def test_a_trigger_that_still_judges_is_left_alone(self):
        for trigger in (
            "[push]",
            "{pull_request: {branches: [main, 'release/**']}}",
            "{pull_request_target: {types: [opened, synchronize]}}",
            "{pull_request: {branches-ignore: [gh-pages]}}",
        ):
            self.assertEqual(self.with_trigger(trigger), [], trigger)

    def test_a_workflow_without_its_gates_or_without_its_file_is_found(self):
        gone = JOBS.replace("quality-harness gate", "make docs")
        self.assertEqual(self.lost({PATH: gone}), [(PATH, 1)])
        (self.root / PATH).unlink()
        self.assertEqual(self.lost({}), [(PATH, 0)])

    def test_gates_that_move_to_another_workflow_are_left_alone(self):
        other = ".github/workflows/gates.yml"

        self.assertEqual(self.lost({PATH: "on: push\njobs: {}\n", other: JOBS}), [])

    def test_the_branch_that_ci_names_counts_and_a_base_that_is_no_yaml_ran_nothing(self):
        with mock.patch.dict(os.environ, {"GITHUB_BASE_REF": "next"}):
            found = self.with_trigger("{pull_request: {branches: [main]}}")
        self.base = self.commit({PATH: "a: [\n"})

        self.assertEqual(found, [(PATH, 1)])
        self.assertEqual(self.with_trigger("workflow_call"), [])

    def test_without_a_base_nothing_is_gone(self):
        self.write({PATH: JOBS.replace("pull_request", "workflow_call")})
        project = self.project(Options())

        self.assertEqual([*_base_triggers.lost(project, _ci_files.find(project))], [])
