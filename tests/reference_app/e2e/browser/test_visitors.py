"""A visit in which the browser complains has failed."""

from .visitors import SCREENSHOTS, BrowserTestCase

ADD_INLINE_SCRIPT = """() => {
    const script = document.createElement("script");
    script.textContent = "document.title = 'run'";
    document.body.append(script);
}"""


class ComplaintTests(BrowserTestCase):
    def complaints_of(self, act) -> str:
        """Return what a visit fails with, and check that its screenshot is there."""
        picture = SCREENSHOTS / f"{self.id()}.png"
        picture.unlink(missing_ok=True)
        with self.assertRaises(AssertionError) as caught, self.visitor() as page:
            page.goto("/v1/tags/")
            act(page)
        note = caught.exception.__notes__[-1]
        self.assertIn(str(picture), note)
        self.assertTrue(picture.is_file())
        picture.unlink()
        return note

    def test_a_script_inside_of_a_page_is_not_run_and_noticed(self) -> None:
        def act(page) -> None:
            page.evaluate(ADD_INLINE_SCRIPT)
            self.assertNotEqual(page.title(), "run")

        self.assertIn("Content Security Policy", self.complaints_of(act))

    def test_a_page_that_is_not_there_is_noticed(self) -> None:
        self.assertIn("404: GET http", self.complaints_of(lambda page: page.goto("/nowhere/")))

    def test_an_error_of_a_script_is_noticed(self) -> None:
        fail = "() => new Promise(done => { setTimeout(() => { done(); nothing() }, 0) })"

        def act(page) -> None:
            page.evaluate(fail)
            page.wait_for_timeout(100)

        self.assertIn("nothing is not defined", self.complaints_of(act))
