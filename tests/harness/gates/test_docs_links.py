from quality_harness.gate import CouldNotRun
from quality_harness.gates._markdown import read_page
from quality_harness.gates.docs_links import GATE
from tests.harness.projects import ProjectCase, places


class DocsLinksGateTests(ProjectCase):
    def found(self, text: str, **others: str) -> list[tuple[str, str, int]]:
        self.write({"docs/page.md": text, "README.md": "# Shop\n", **others})
        return places(self.check(GATE))

    def test_a_link_to_no_file_is_found(self):
        self.write({"docs/page.md": "# A page\n\n[how](instalation.md)\n"})

        (finding,) = self.check(GATE).findings

        self.assertEqual((finding.code, finding.location.line), ("LNK001", 3))
        self.assertEqual(
            finding.message,
            "docs/page.md links to instalation.md, and there is no docs/instalation.md",
        )

    def test_links_to_what_is_there_are_left_alone(self):
        text = """
            [up](../README.md) [itself](page.md) [folder](../docs/) [root](/README.md) [home](/)
            ![picture](a%20b.png) [named][1] <a href="../README.md">html</a> [empty]()

            [1]: ../README.md
            """

        self.assertEqual(self.found(text, **{"docs/a b.png": ""}), [])

    def test_pictures_references_and_html_to_no_file_are_found(self):
        text = """
            ![picture](no.png)

            [named][1] <img src="gone.png">

            <a href="http://[">elsewhere</a> <a href="inline.md">inline</a>

            <p><img id="picture" src="block.png"></p>

            [1]: ref.md
            """

        found = self.found(text)

        self.assertEqual([line for _, _, line in found], [1, 3, 3, 5, 7])

    def test_links_elsewhere_are_not_fetched(self):
        text = "[a](https://example.org/x) [b](mailto:a@example.org) [c](//x.org) [d](http://[)\n"

        self.assertEqual(self.found(text), [])

    def test_what_sphinx_resolves_by_itself_is_left_to_it(self):
        text = """
            (label)=

            [page](sub/other) [from the top](/sub/other) [label](some_label) [here](#label)
            [class](django.apps.AppConfig.ready) [with its ending](sub/other.md) [up](../README.md)
            """
        myst = {"docs/conf.py": 'extensions = ["myst_parser"]\n', "docs/sub/other.md": "# A\n"}

        self.assertEqual(self.found(text, **myst), [])

    def test_files_that_are_missing_are_found_in_the_source_of_sphinx_too(self):
        text = "[a](gone.md) [b](sub/gone) ![c](gone.png)\n"

        for extension, count in (("myst_parser", 3), ("sphinx.ext.autodoc", 3)):
            with self.subTest(extension):
                found = self.found(text, **{"docs/conf.py": f'extensions = ["{extension}"]\n'})

                self.assertEqual(len(found), count)

    def test_pages_outside_of_the_source_of_sphinx_are_read_as_ever(self):
        found = self.found("", **{"docs/conf.py": "myst_x = 1\n", "a.md": "[a](docs/page)\n"})

        self.assertEqual(found, [("LNK001", "a.md", 1)])

    def test_templates_of_the_site_are_no_pages_of_the_repository(self):
        self.write({"shop/templates/help.md": "[prices](../prices/)\n", "README.md": "# Shop\n"})
        self.write({"templates.md": "[gone](gone.md)\n"})

        self.assertEqual(places(self.check(GATE)), [("LNK001", "templates.md", 1)])

    def test_links_in_code_are_none(self):
        self.assertEqual(self.found("`[a](no.md)`\n\n```\n[b](no.md)\n```\n\n    [c](no.md)\n"), [])

    def test_a_link_to_an_ignored_file_is_found(self):
        found = self.found("[log](x.log)", **{"docs/x.log": "", ".gitignore": "*.log\n"})

        self.assertEqual(found, [("LNK001", "docs/page.md", 1)])

    def test_a_link_out_of_the_repository_is_found(self):
        self.assertEqual(self.found("[a](../../other.md)"), [("LNK001", "docs/page.md", 1)])

    def test_an_anchor_of_no_heading_is_found_and_one_of_a_heading_is_left_alone(self):
        text = "# Exit codes & more\n\n[a](#exit-codes--more) [b](#exit) [c](../README.md#shop)\n"

        found = self.found(text)

        self.assertEqual(found, [("LNK002", "docs/page.md", 3)])

    def test_pages_of_github_above_the_files_are_left_alone(self):
        text = "[i](../../issues) [n](../../issues/new) [w](../../../wiki) [no](../../issue)\n"

        self.assertEqual(self.found(text), [("LNK001", "docs/page.md", 1)])

    def test_the_top_and_lines_of_the_source_are_left_alone(self):
        text = """
            [t](#top) [l](../README.md?plain=1#L3) [m](../README.md?plain=1#L3-L9)

            [no](../README.md?plain=1#setup) [line](../README.md#L3)
            """

        self.assertEqual([line for _, _, line in self.found(text)], [3, 3])

    def test_what_is_hidden_or_shown_as_code_is_left_alone(self):
        text = """
            ---
            title: A [link](gone.md)
            ---
            # A

            <!-- <a href="gone.md">old</a> --> text <!-- <a href="gone.md">old</a> -->

            <pre>
            <a href="gone.md" id="gone">old</a>
            </pre>

            <div><!-- <img src="gone.png"> --><![odd[ <a href="gone.md" id>found</a></pre></div>
            """

        self.assertEqual(self.found(text), [("LNK001", "docs/page.md", 12)])

    def test_a_line_of_dashes_begins_no_front_matter_where_none_follows(self):
        found = self.found("---\n\n[a](gone.md)\n\n---\n")

        self.assertEqual(found, [("LNK001", "docs/page.md", 3)])

    def test_html_without_quotes_is_read(self):
        text = "<a id=here></a> <a href=gone.md>a</a> <img src='it.png'> [b](#here)\n"

        self.assertEqual(len(self.found(text)), 2)

    def test_links_into_submodules_and_through_linked_folders_are_left_alone(self):
        self.git("init", "-q", "vendor/lib")
        commit = ("-c", "core.hooksPath=/dev/null", "commit", "-q", "--allow-empty", "-m", "x")
        self.git("-C", "vendor/lib", *commit)
        self.git("add", "vendor/lib")
        self.write({"docs/v2/p.md": "# P\n"})
        (self.root / "docs/current").symlink_to("v2")
        (self.root / "docs/away").symlink_to("/")
        text = """
            [s](../vendor/lib) [t](../vendor/lib/README.md#x) [u](current) [v](current/p.md#p)

            [no](../vendor/other) [no](current/q.md) [no](current/p.md#q) [no](away/etc)
            """

        self.assertEqual([line for _, _, line in self.found(text)], [3, 3, 3, 3])

    def test_a_label_that_is_not_defined_is_found(self):
        self.write({"docs/page.md": "# A\n\n[`guide`][giude] [b][x]\n\n[x]: page.md\n"})

        (finding,) = self.check(GATE).findings

        self.assertEqual((finding.code, finding.location.line), ("LNK003", 3))
        self.assertEqual(
            finding.message,
            "docs/page.md has a link to the label [giude], and does not define it",
        )

    def test_brackets_that_are_no_links_are_left_alone(self):
        text = """
            a[i][j], `[a][b]`, [^1][^2], [a-z][0-9], [ ][x], [x][ ], \\[a\\][b], [a][`b`]

            [Guide][GUIDE], [note]

            [guide]: page.md
            """

        self.assertEqual(self.found(text), [])

    def test_labels_that_other_tools_define_are_left_to_them(self):
        for others in ({"mkdocs.yml": ""}, {"docs/conf.py": "myst_x = 1\n"}):
            self.git("clean", "-fdxq")

            self.assertEqual(self.found("[a][shop.models.Order]\n", **others), [])

    def test_an_anchor_into_another_kind_of_file_is_left_alone(self):
        self.assertEqual(self.found("[a](x.py#L3)", **{"docs/x.py": "x = 1\n"}), [])

    def test_odd_names_are_found(self):
        self.write({'a "b"\nc.md': "[a](no.md)\n"})

        self.assertEqual(places(self.check(GATE)), [("LNK001", 'a "b"\nc.md', 1)])

    def test_windows_line_ends_change_nothing(self):
        (self.root / "a.md").write_bytes(b"\xef\xbb\xbf# One\r\n\r\n[a](#one)\r\n[b](no.md)\r\n")

        self.assertEqual(places(self.check(GATE)), [("LNK001", "a.md", 3)])

    def test_a_page_that_is_not_utf_8_could_not_run(self):
        (self.root / "a.md").write_bytes(b"\xff\xfe")

        with self.assertRaisesRegex(CouldNotRun, "a.md is not UTF-8"):
            self.check(GATE)

    def test_a_project_without_pages_has_nothing_to_check(self):
        self.write({"a.txt": "x"})

        checked = self.check(GATE)

        self.assertEqual((checked.checked, checked.nothing_new), (0, False))


class AnchorTests(ProjectCase):
    def test_headings_are_called_as_on_github(self):
        page = read_page(
            "# `make gate`: what it does\n## Twice\n## Twice\n## A_b-c (d)\n"
            'Title\n=====\n<a id="Here"></a>\n\ntext <a name="there"></a>\n'
        )

        self.assertEqual(
            page.anchors,
            {"make-gate-what-it-does", "twice", "twice-1", "a_b-c-d", "title", "here", "there"},
        )
