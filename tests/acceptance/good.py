"""Good pull requests: none of them may be refused, by any gate."""

from tests.acceptance.bad_code import migrate
from tests.acceptance.case import GITHUB, GITLAB, Table
from tests.acceptance.events import Event
from tests.acceptance.scenario import Branch

TABLE = Table()


@TABLE.good(title="docs: more")
def docs_only(branch: Branch) -> None:
    branch.append("docs/usage.md", "\nMore of [it](hours.md#hours).\n")


@TABLE.good(title="refactor: a better name")
def rename(branch: Branch) -> None:
    branch.git("mv", "shop/totals.py", "shop/money.py")
    for name in ("shop/orders.py", "tests/test_totals.py"):
        branch.replace(name, "shop.totals", "shop.money")
    branch.replace(
        "shop/orders.py",
        "models import Order\nfrom shop.money",
        "models import Order\nfrom shop.money",
    )
    branch.replace("pyproject.toml", '"totals"]', '"money"]')


@TABLE.good()
def merge_commit(branch: Branch) -> None:
    branch.append("docs/hours.md", "\nAt night, too.\n")
    branch.commit("docs: nights")
    branch.git("switch", "--quiet", "--create", "other", "main")
    branch.append("docs/usage.md", "\nMore.\n")
    branch.commit("docs: more")
    branch.git("switch", "--quiet", "change")
    branch.git("merge", "--quiet", "--no-ff", "other", "--message", "Merge branch 'other'")


@TABLE.good()
def safe_migration(branch: Branch) -> None:
    field = "    sent = models.DateTimeField(null=True)\n"
    branch.replace("shop/models.py", "\n    def __str__", f"{field}\n    def __str__")
    operation = 'migrations.AddField("order", "sent", models.DateTimeField(null=True))'
    migrate(branch, "0003_sent", operation)


@TABLE.good()
def second_half_of_a_removal(branch: Branch) -> None:
    operation = (
        "migrations.RunSQL(\n"
        '            "ALTER TABLE shop_order DROP COLUMN note",\n'
        '            "ALTER TABLE shop_order ADD COLUMN note text NULL",\n        )'
    )
    migrate(branch, "0003_no_note", operation)


@TABLE.good(title="refactor: no discounts", hosts=GITLAB)
def deleted_code(branch: Branch) -> None:
    for name in ("shop/totals.py", "tests/test_totals.py"):
        text = branch.read(name)
        start = text.index(
            "def with_discount" if "def with_discount" in text else "    def test_a_disc"
        )
        end = text.index("def in_words" if "def with_discount" in text else "    def test_whole")
        branch.write({name: text[:start] + text[end:]})
    branch.replace(
        "tests/test_totals.py", "in_words, with_discount, with_tax", "in_words, with_tax"
    )


@TABLE.good(title="docs: no hours")
def deleted_file(branch: Branch) -> None:
    branch.delete("docs/hours.md")
    branch.replace("README.md", ", when in [hours](docs/hours.md)", "")


@TABLE.good(event=Event(fork=True))
def fork_without_secrets(branch: Branch) -> None:
    branch.append("README.md", "\nMore.\n")


@TABLE.good(title="chore: run the gates again")
def empty_diff(branch: Branch) -> None:
    """Leave all as it is: the commit is empty."""


@TABLE.good(title="refactor: orders are a package")
def big_refactoring(branch: Branch) -> None:
    """Move the code of two modules into a package and split the tests."""
    orders = branch.read("shop/orders.py")
    head, _, receipt = orders.partition("def receipt")
    lists = head.replace("from shop.totals import in_words, with_tax\n", "").rstrip() + "\n"
    receipts = f"from shop.totals import in_words, with_tax\n\n\ndef receipt{receipt}"
    branch.delete("shop/orders.py")
    package = "from shop.orders.lists import numbers\nfrom shop.orders.receipts import receipt\n"
    branch.write(
        {
            "shop/orders/__init__.py": f'{package}\n__all__ = ["numbers", "receipt"]\n',
            "shop/orders/lists.py": lists,
            "shop/orders/receipts.py": receipts,
        }
    )
    tests = branch.read("tests/test_totals.py")
    start = tests.index("    def test_whole")
    head = "from django.test import SimpleTestCase\n\nfrom shop.totals import "
    branch.write(
        {
            "tests/test_totals.py": tests[:start].rstrip().replace("in_words, ", "") + "\n",
            "tests/test_words.py": f"{head}in_words\n\n\nclass WordTests(SimpleTestCase):\n"
            + tests[start:],
        }
    )


@TABLE.good(title="feat: orders", event=Event(kind="push"))
def first_commit(branch: Branch) -> None:
    branch.git("switch", "--quiet", "--orphan", "first")
    branch.git("checkout", "main", "--", ".")


@TABLE.good(event=Event(branch="dependabot/pip/sqlparse"))
def dependency_update(branch: Branch) -> None:
    branch.append("requirements.in", "sqlparse>=0.5\n")
    branch.git("add", "--all")
    author = "--author=dependabot[bot] <support@github.com>"
    branch.git("commit", "--quiet", author, "--message", "Bump sqlparse from 0.5.3 to 0.6.1")


@TABLE.good(event=Event(branch="revert-3-holidays"))
def revert(branch: Branch) -> None:
    branch.git("revert", "--no-edit", "HEAD")


@TABLE.good(event=Event(kind="merge_queue"))
def merge_queue(branch: Branch) -> None:
    branch.append("README.md", "\nMore.\n")


@TABLE.good(event=Event(branch="fix/release", target="release/1"))
def into_a_release_branch(branch: Branch) -> None:
    """A release branch holds what would be refused today; its history is not the change's."""
    _from_a_release_branch(branch)
    branch.append("README.md", "\nMore.\n")


@TABLE.good(event=Event(kind="merge_queue", branch="fix/release", target="release/1"))
def merge_queue_of_a_release_branch(branch: Branch) -> None:
    """The queue of a release branch builds on that branch, too."""
    _from_a_release_branch(branch)
    branch.append("README.md", "\nMore.\n")


def _from_a_release_branch(branch: Branch) -> None:
    branch.git("switch", "--quiet", "--create", "release/1", "main")
    branch.append("docs/hours.md", "\nNever on Mondays.\n")
    branch.commit("as it was done in former days")
    branch.git("push", "--quiet", "origin", "release/1")
    branch.git("switch", "--quiet", "--create", "fix", "release/1")


@TABLE.good(hosts=GITHUB)
def feature_with_its_tests(branch: Branch) -> None:
    branch.append(
        "shop/totals.py",
        '\n\ndef doubled(cents):\n    """Take it twice."""\n    return 2 * cents\n',
    )
    branch.replace("tests/test_totals.py", "import in_words", "import doubled, in_words")
    branch.append(
        "tests/test_totals.py",
        "\n    def test_a_sum_is_doubled(self):\n        self.assertEqual(doubled(7), 14)\n",
    )


@TABLE.good(hosts=GITLAB)
def submodule(branch: Branch) -> None:
    modules = '[submodule "themes"]\n\tpath = themes\n\turl = https://git.example.com/themes.git\n'
    branch.write({".gitmodules": modules})
    (branch.root / "themes").mkdir()
    commit = branch.git("rev-parse", "main")
    branch.git("update-index", "--add", "--cacheinfo", f"160000,{commit},themes")
    branch.git("add", ".gitmodules")
    branch.git("commit", "--quiet", "--message", "feat: themes")


@TABLE.good(hosts=GITHUB)
def odd_file_names(branch: Branch) -> None:
    for name in ("a b", "quo\"te's", "new\nline", "Größe", "-dash", "back\\slash", "$HOME"):
        branch.write({f"docs/{name}.md": "# Odd\n", f"docs/{name}.py": 'ODD = "name"\n'})


@TABLE.good(title="style: line ends of Windows", hosts=GITLAB)
def windows_line_ends(branch: Branch) -> None:
    for name in ("shop/totals.py", "tests/test_totals.py", "README.md", "docs/usage.md"):
        branch.write({name: branch.read(name).replace("\n", "\r\n")})
