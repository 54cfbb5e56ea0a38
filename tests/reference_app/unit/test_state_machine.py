"""The way of a blog from draft to publication, without the API."""

from django.contrib.auth.models import AnonymousUser
from django.test import SimpleTestCase, TestCase
from django_fsm import TransitionNotAllowed, can_proceed, has_transition_perm

from blog.models import Blog, State, has_content, is_author

from ..factories import BlogFactory, UserFactory, editor

ACTIONS = ("submit", "review", "reject", "publish", "withdraw", "archive")
ALLOWED = {
    State.DRAFT: {"submit": State.SUBMITTED},
    State.SUBMITTED: {
        "review": State.REVIEWED,
        "reject": State.DRAFT,
        "withdraw": State.DRAFT,
    },
    State.REVIEWED: {
        "publish": State.PUBLISHED,
        "reject": State.DRAFT,
        "withdraw": State.DRAFT,
    },
    State.PUBLISHED: {"withdraw": State.DRAFT, "archive": State.ARCHIVED},
    State.ARCHIVED: {},
}


class TransitionTableTests(SimpleTestCase):
    def test_every_state_allows_exactly_its_transitions(self) -> None:
        for state in State:
            blog = Blog(state=state, content="Hello.")
            allowed = {name for name in ACTIONS if can_proceed(getattr(blog, name))}
            self.assertEqual(allowed, set(ALLOWED[state]), state)

    def test_every_transition_leads_where_it_should(self) -> None:
        for state, targets in ALLOWED.items():
            for action, target in targets.items():
                blog = Blog(state=state, content="Hello.")
                getattr(blog, action)()
                self.assertEqual(blog.state, target, (state, action))

    def test_a_transition_that_is_not_allowed_changes_nothing(self) -> None:
        blog = Blog(content="Hello.")
        with self.assertRaises(TransitionNotAllowed):
            blog.publish()
        self.assertEqual((blog.state, blog.published_at), (State.DRAFT, None))

    def test_the_state_is_not_set_by_hand(self) -> None:
        with self.assertRaises(AttributeError):
            Blog().state = State.PUBLISHED

    def test_a_blog_without_content_is_not_submitted(self) -> None:
        self.assertFalse(can_proceed(Blog(content="").submit))

    def test_white_space_is_no_content(self) -> None:
        self.assertFalse(has_content(Blog(content=" \n\t")))


class GuardTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = editor()

    def actions_of(self, user, **fields) -> set[str]:
        blog = BlogFactory(**fields)
        who = blog.author.user if user == "author" else user
        return {name for name in ACTIONS if has_transition_perm(getattr(blog, name), who)}

    def test_the_author_submits_and_withdraws(self) -> None:
        self.assertEqual(self.actions_of("author"), {"submit"})
        self.assertEqual(self.actions_of("author", submitted=True), {"withdraw"})
        self.assertEqual(self.actions_of("author", reviewed=True), {"withdraw"})

    def test_an_editor_reviews_rejects_and_publishes(self) -> None:
        self.assertEqual(self.actions_of(self.editor, submitted=True), {"review", "reject"})
        self.assertEqual(self.actions_of(self.editor, reviewed=True), {"publish", "reject"})

    def test_the_author_and_an_editor_archive(self) -> None:
        self.assertEqual(self.actions_of("author", published=True), {"withdraw", "archive"})
        self.assertEqual(self.actions_of(self.editor, published=True), {"archive"})

    def test_an_editor_does_not_submit_for_someone_else(self) -> None:
        self.assertEqual(self.actions_of(self.editor), set())

    def test_another_user_does_nothing(self) -> None:
        self.assertEqual(self.actions_of(UserFactory(), submitted=True), set())
        self.assertEqual(self.actions_of(UserFactory(), published=True), set())

    def test_nobody_is_no_author(self) -> None:
        self.assertFalse(is_author(BlogFactory(), AnonymousUser()))
