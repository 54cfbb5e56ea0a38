"""Publishing from the list of blogs."""

from django.contrib.admin.models import LogEntry
from django.test import TestCase
from django.urls import reverse

from accounts.models import User
from author.models import PublicationNotice
from blog import admin as blog_admin
from blog.models import Blog, State

from ..factories import AuthorFactory, BlogFactory, editor, staff
from ..helpers import OwnCacheTests, log_in_to_admin, meanwhile

BLOGS = "admin:blog_blog_changelist"


class PublishTests(OwnCacheTests, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = editor()
        User.objects.filter(pk=cls.editor.pk).update(is_staff=True)
        cls.editor.refresh_from_db()
        cls.blog = BlogFactory(reviewed=True, title="Ready")

    def setUp(self) -> None:
        super().setUp()
        log_in_to_admin(self.client, self.editor)

    def publish(self, *blogs: Blog, **fields: str):
        form = {"action": "publish", "_selected_action": [blog.pk for blog in blogs], **fields}
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(reverse(BLOGS), form, follow=True)

    def messages(self, *blogs: Blog) -> list[str]:
        page = self.publish(*blogs, confirmed="yes")
        return [str(message) for message in page.context["messages"]]

    def states(self, *blogs: Blog) -> list[str]:
        return [Blog.objects.get(pk=blog.pk).state for blog in blogs]

    def test_first_it_asks(self) -> None:
        draft = BlogFactory(title="Unfinished")
        page = self.publish(self.blog, draft)
        self.assertTemplateUsed(page, "admin/blog/blog/publish_confirmation.html")
        self.assertContains(page, f"<li>Ready, by {self.blog.author}</li>", html=True)
        self.assertContains(page, "(stays as it is: it is draft, not reviewed.)")
        self.assertEqual(self.states(self.blog, draft), [State.REVIEWED, State.DRAFT])

    def test_the_question_carries_what_was_chosen(self) -> None:
        page = self.publish(self.blog, select_across="1")
        for name, value in (
            ("_selected_action", self.blog.pk),
            ("select_across", 1),
            ("action", "publish"),
            ("confirmed", "yes"),
        ):
            field = f'<input type="hidden" name="{name}" value="{value}">'
            self.assertContains(page, field, html=True)

    def test_more_blogs_take_no_more_queries_to_ask(self) -> None:
        blogs = [self.blog, *BlogFactory.create_batch(4, reviewed=True)]
        with self.assertNumQueries(8):
            self.publish(*blogs[:1])
        with self.assertNumQueries(8):
            self.publish(*blogs)

    def test_confirmed_a_reviewed_blog_is_published(self) -> None:
        self.assertEqual(self.messages(self.blog), ["1 blog is published."])
        self.assertEqual(self.states(self.blog), [State.PUBLISHED])
        self.assertIsNotNone(Blog.objects.get(pk=self.blog.pk).published_at)

    def test_the_author_is_told(self) -> None:
        self.messages(self.blog)
        self.assertTrue(PublicationNotice.objects.filter(blog_uuid=self.blog.uuid).exists())

    def test_it_is_written_to_the_action_log(self) -> None:
        self.messages(self.blog, BlogFactory())
        entry = LogEntry.objects.get()
        self.assertEqual((entry.user, entry.object_repr), (self.editor, "Ready"))
        self.assertEqual(entry.get_change_message(), "Published.")

    def test_what_cannot_be_published_is_named_with_its_reason(self) -> None:
        draft = BlogFactory(title="Unfinished")
        other = BlogFactory(reviewed=True, title="Other")
        self.assertCountEqual(
            self.messages(self.blog, draft, other),
            ["“Unfinished” is not published: it is draft, not reviewed.", "2 blogs are published."],
        )
        published = State.PUBLISHED
        self.assertEqual(self.states(self.blog, draft, other), [published, State.DRAFT, published])

    def test_nobody_publishes_a_blog_of_their_own(self) -> None:
        own = BlogFactory(reviewed=True, title="Mine", author=AuthorFactory(user=self.editor))
        self.assertEqual(
            self.messages(own), ["“Mine” is not published: You may not move this blog on."]
        )
        self.assertEqual(self.states(own), [State.REVIEWED])

    def test_a_blog_that_its_author_takes_back_meanwhile_is_not_published(self) -> None:
        row = Blog.objects.filter(pk=self.blog.pk)
        with meanwhile(blog_admin._private, "move_blog", lambda: row.update(state=State.DRAFT)):
            self.assertIn("“Ready” is not published: ", self.messages(self.blog)[0])
        self.assertEqual(self.states(self.blog), [State.DRAFT])

    def test_who_may_not_review_is_not_offered_to_publish(self) -> None:
        log_in_to_admin(self.client, staff("view_blog", "change_blog"))
        self.assertNotContains(self.client.get(reverse(BLOGS)), 'value="publish"')
        self.publish(self.blog, confirmed="yes")
        self.assertEqual(self.states(self.blog), [State.REVIEWED])

    def test_who_may_review_is_offered_to_publish(self) -> None:
        self.assertContains(self.client.get(reverse(BLOGS)), 'value="publish"')
