"""Bad pull requests, second half: commits, files, dependencies, containers, settings, CI."""

from tests.acceptance.case import COULD_NOT_RUN, GITHUB, GITLAB, Table
from tests.acceptance.events import Event
from tests.acceptance.scenario import Branch

TABLE = Table()
WORKFLOW = ".github/workflows/quality-gates.yml"
LARGE = "0" * 600 * 1024
# In two pieces, or this file would hold what looks like a secret.
SECRET = "KEY=AKIA" + "QYLPMN5HHHFPZAM2\n"
OTHER = """\
name: Other

on:
  pull_request:

permissions: {}

concurrency:
  group: other-${{ github.ref }}
  cancel-in-progress: true

jobs:
  one:
    name: One
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - run: echo one
"""


def unformatted(branch: Branch) -> None:
    """Plant what every hook and every gate `format` finds."""
    branch.replace("manage.py", '"config.settings"', "'config.settings'")


@TABLE.bad("branch-name", event=Event(branch="patch-1"))
def branch_name_on_a_detached_head(branch: Branch) -> None:
    branch.append("README.md", "\nMore.\n")


@TABLE.bad(
    "branch-name",
    how=COULD_NOT_RUN,
    emptied=(
        *("GITHUB_HEAD_REF", "GITHUB_REF"),
        *("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"),
    ),
)
def branch_that_nothing_names(branch: Branch) -> None:
    branch.append("README.md", "\nMore.\n")


@TABLE.bad("commit-messages", title="fixed stuff")
def unconventional_message(branch: Branch) -> None:
    branch.append("README.md", "\nMore.\n")


@TABLE.bad("commit-messages", hosts=GITLAB)
def unfinished_commit(branch: Branch) -> None:
    branch.append("README.md", "\nMore.\n")
    branch.commit("fixup! docs: what it is")


@TABLE.bad("containers", hosts=GITHUB)
def image_run_by_root(branch: Branch) -> None:
    branch.replace("Dockerfile", "USER 10001\n", "")


@TABLE.bad("containers")
def image_without_a_version(branch: Branch) -> None:
    branch.replace("compose.yaml", "valkey/valkey:9", "valkey/valkey:latest")


@TABLE.bad("containers", how=COULD_NOT_RUN, hosts=GITLAB)
def compose_file_that_is_no_yaml(branch: Branch) -> None:
    branch.write({"compose.yaml": "services: [web: {\n"})


@TABLE.bad("dependencies")
def lock_out_of_step(branch: Branch) -> None:
    branch.append("requirements.in", "faker\n")


@TABLE.bad("dependencies", hosts=GITHUB)
def requirement_not_pinned(branch: Branch) -> None:
    branch.write({"requirements/docs.txt": "mkdocs>=1.6\n"})


@TABLE.bad("dependencies", how=COULD_NOT_RUN)
def audit_without_a_network(branch: Branch) -> None:
    table = "[tool.quality_harness.dependencies]\n"
    branch.replace("pyproject.toml", table, f"{table}audit = true\n")


@TABLE.bad("deploy-settings")
def unsafe_production_setting(branch: Branch) -> None:
    branch.replace("config/production.py", "SSL_REDIRECT = True", "SSL_REDIRECT = False")


@TABLE.bad("docs-links")
def dead_link(branch: Branch) -> None:
    branch.append("README.md", "\n[how](docs/instalation.md)\n")


@TABLE.bad("docs-links", hosts=GITLAB)
def linked_page_deleted(branch: Branch) -> None:
    branch.delete("docs/hours.md")


@TABLE.bad("large-files", hosts=GITHUB)
def large_file(branch: Branch) -> None:
    branch.write({"dump.sql": LARGE})


@TABLE.bad("large-files")
def large_file_committed_and_deleted(branch: Branch) -> None:
    branch.write({"dump.sql": LARGE})
    branch.commit("feat: a dump")
    branch.delete("dump.sql")


@TABLE.bad("secrets", hosts=GITLAB)
def secret(branch: Branch) -> None:
    branch.write({"production.env": SECRET})


@TABLE.bad("secrets")
def secret_committed_and_deleted(branch: Branch) -> None:
    branch.write({"production.env": SECRET})
    branch.commit("feat: a key")
    branch.delete("production.env")


@TABLE.bad("workflows")
def misspelled_runner(branch: Branch) -> None:
    branch.write({".github/workflows/other.yml": OTHER.replace("ubuntu-24.04", "ubuntu-24.4")})


@TABLE.bad("workflows")
def script_injection(branch: Branch) -> None:
    injected = OTHER.replace("echo one", 'echo "${{ github.event.pull_request.title }}"')
    branch.write({".github/workflows/other.yml": injected})


@TABLE.bad("workflows")
def unknown_matrix_key(branch: Branch) -> None:
    matrix = '    strategy:\n      matrix:\n        python: ["3.11"]\n    steps:\n'
    text = OTHER.replace("    steps:\n", matrix).replace("echo one", 'echo "${{ matrix.pyhton }}"')
    branch.write({".github/workflows/other.yml": text})


@TABLE.bad("workflows")
def aggregate_that_is_skipped(branch: Branch) -> None:
    green = OTHER.partition("  one:\n")[2].replace("name: One", "name: All green\n    needs: [one]")
    green = green.replace(
        "    steps:\n", "    env:\n      RESULTS: ${{ join(needs.*.result) }}\n    steps:\n"
    )
    green = green.replace("echo one", 'test "$RESULTS" = success')
    branch.write({".github/workflows/other.yml": f"{OTHER}\n  all-green:\n{green}"})


@TABLE.bad("workflows", hosts=GITHUB)
def aggregate_of_the_gates_themselves_is_skipped(branch: Branch) -> None:
    branch.replace(WORKFLOW, "    if: always()\n", "")


@TABLE.bad("workflows")
def paths_in_the_trigger(branch: Branch) -> None:
    text = OTHER.replace("  pull_request:\n", '  pull_request:\n    paths: ["shop/**"]\n')
    branch.write({".github/workflows/other.yml": text})


@TABLE.bad("workflows", how=COULD_NOT_RUN)
def workflow_that_is_no_yaml(branch: Branch) -> None:
    branch.write({".github/workflows/other.yml": "on: [pull_request\njobs: {\n"})


@TABLE.case(stops=True)
def shallow_clone(branch: Branch) -> None:
    branch.replace(WORKFLOW, "fetch-depth: 0", "fetch-depth: 1")
    branch.replace("quality-gates.yml", 'GIT_DEPTH: "0"', 'GIT_DEPTH: "1"')


@TABLE.case(stops=True, hosts=GITLAB)
def history_of_its_own(branch: Branch) -> None:
    branch.git("switch", "--quiet", "--orphan", "other")
    branch.git("checkout", "main", "--", ".")


@TABLE.bad("format")
def hook_of_a_remote_that_is_not_there(branch: Branch) -> None:
    remote = "remotes:\n  - git_url: https://127.0.0.1:1/hooks.git\n"
    branch.write({"lefthook.yml": f"min_version: 2.2.2\n{remote}"})
    unformatted(branch)


@TABLE.bad("format")
def committed_without_hooks(branch: Branch) -> None:
    branch.delete("lefthook.yml")
    unformatted(branch)


@TABLE.case(skipped="gates")
def job_of_the_gates_is_skipped(branch: Branch) -> None:
    branch.replace(WORKFLOW, "    name: Gates\n", "    name: Gates\n    if: github.actor == 'x'\n")
    branch.replace(
        "quality-gates.yml", "    - if: $CI_PIPELINE", "    - if: $NEVER && $CI_PIPELINE"
    )


@TABLE.bad("format", hosts=GITHUB)
def unformatted_file_with_an_odd_name(branch: Branch) -> None:
    branch.write({'tests/new\nline "quoted" it\'s.py': "ODD = 'name'\n"})


@TABLE.bad("secrets", hosts=GITLAB)
def secret_in_a_file_with_an_odd_name(branch: Branch) -> None:
    branch.write({'new\nline "quoted" it\'s.env': SECRET})


@TABLE.bad("large-files", hosts=GITHUB)
def large_file_with_an_odd_name(branch: Branch) -> None:
    branch.write({'new\nline "quoted" it\'s.bin': LARGE})


@TABLE.bad("secrets", hosts=GITLAB)
def secret_between_windows_line_ends(branch: Branch) -> None:
    branch.write({"production.env": "A=1\r\n" + SECRET.replace("\n", "\r\n")})
