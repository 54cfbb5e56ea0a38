"""Who may change a title or a content of somebody else's blog, in the API and in the admin."""

from io import StringIO

from django.core.management import call_command
from django.test import TestCase
from django.urls import reverse

from accounts.models import User
from accounts.public import make_roles
from blog.errors import BlogError
from blog.models import Blog, State
from blog.rights import fields_granted_to
from common.errors import CommonError

from ..factories import BlogFactory, TagFactory, UserFactory, editor, picture, staff, support_agent
from ..helpers import ApiTestCase, address, log_in_to_admin


class RolesTests(TestCase):
    def test_every_permission_that_a_role_names_is_there(self) -> None:
        self.assertEqual(make_roles(), [])

    def test_the_command_has_nothing_to_complain_of(self) -> None:
        complaints = StringIO()
        call_command("make_roles", stdout=StringIO(), stderr=complaints)
        self.assertEqual(complaints.getvalue(), "")

    def test_editors_change_both_fields_and_support_the_title(self) -> None:
        self.assertEqual(fields_granted_to(editor()), {"title", "content"})
        self.assertEqual(fields_granted_to(support_agent()), {"title"})
        self.assertFalse(editor().has_perm("blog.change_blog"))


class FieldsInTheApiTests(ApiTestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor, cls.support = editor(), support_agent()
        cls.blog = BlogFactory(published=True, title="Old", content="Old")
        cls.url = address("blog:detail", uuid=cls.blog.uuid)

    def patch(self, user: User, **fields):
        return self.as_user(user).patch(self.url, fields)

    def saved(self) -> tuple[str, str]:
        return Blog.objects.values_list("title", "content").get(pk=self.blog.pk)

    def assert_refused(self, response, *fields: str) -> None:
        self.assert_error(response, BlogError.FIELD_NOT_YOURS)
        message = response.json()["error"]["message"]
        self.assertEqual(
            message, f"You may not change these fields of the blog: {', '.join(fields)}."
        )
        self.assertEqual(self.saved(), ("Old", "Old"))

    def test_support_changes_the_title_in_whatever_state(self) -> None:
        support = self.as_user(self.support)
        for state in State.values:
            traits = {} if state == State.DRAFT else {state: True}
            url = address("blog:detail", uuid=BlogFactory(**traits).uuid)
            response = support.patch(url, {"title": "New"})
            self.assertEqual((response.status_code, response.json()["title"]), (200, "New"), state)
            self.assertEqual(response.json()["state"], state)

    def test_an_editor_changes_title_and_content(self) -> None:
        self.assertEqual(self.patch(self.editor, title="New", content="New").status_code, 200)
        self.assertEqual(self.saved(), ("New", "New"))

    def test_who_may_change_the_content_alone_changes_no_title(self) -> None:
        writer = staff("change_blog_content")
        self.assert_refused(self.patch(writer, title="New"), "title")
        self.assertEqual(self.patch(writer, content="New").status_code, 200)
        self.assertEqual(self.saved(), ("Old", "New"))

    def test_one_field_too_many_changes_none_and_is_named(self) -> None:
        self.assert_refused(self.patch(self.support, title="New", content="New"), "content")

    def test_every_other_field_is_refused_by_its_name(self) -> None:
        tag = TagFactory()
        response = self.patch(self.editor, title="New", tags=[tag.slug], metadata={"a": 1})
        self.assert_refused(response, "metadata", "tags")
        self.assert_refused(self.patch(self.editor, tags=[]), "tags")
        self.assert_refused(self.patch(self.editor, continues=None), "continues")

    def test_the_cover_is_not_theirs_either(self) -> None:
        cover = address("blog:cover", uuid=self.blog.uuid)
        client = self.as_user(self.editor)
        self.assert_refused(client.put(cover, {"image": picture()}, format="multipart"), "cover")
        self.assert_refused(client.delete(cover), "cover")

    def test_neither_role_changes_nothing(self) -> None:
        self.assert_error(self.patch(staff("review_blog"), title="New"), BlogError.NOT_YOURS)
        self.assert_error(self.patch(UserFactory(), title="New"), BlogError.NOT_YOURS)
        self.assertEqual(self.saved(), ("Old", "Old"))

    def test_the_owner_changes_drafts_alone(self) -> None:
        owner = self.blog.author.user
        self.assert_error(self.patch(owner, title="New"), BlogError.NOT_EDITABLE)
        Blog.objects.update(state=State.DRAFT, published_at=None)
        self.assertEqual(self.patch(owner, title="New", metadata={"a": 1}).status_code, 200)

    def test_an_editor_changes_no_own_blog_past_the_review(self) -> None:
        mine = BlogFactory(published=True, author__user=self.editor)
        response = self.as_user(self.editor).patch(
            address("blog:detail", uuid=mine.uuid), {"title": "New"}
        )
        self.assert_error(response, BlogError.NOT_EDITABLE)

    def test_who_may_change_every_blog_changes_every_field(self) -> None:
        response = self.patch(staff("change_blog"), title="New", metadata={"a": 1})
        self.assertEqual((response.status_code, response.json()["metadata"]), (200, {"a": 1}))

    def test_without_the_permissions_a_draft_is_not_there(self) -> None:
        url = address("blog:detail", uuid=BlogFactory().uuid)
        response = self.as_user(staff("review_blog")).patch(url, {"title": "New"})
        self.assert_error(response, CommonError.NOT_FOUND)

    def test_the_conditions_hold(self) -> None:
        client = self.as_user(self.support)
        known = {"If-Match": client.get(self.url)["ETag"]}
        changed = client.patch(self.url, {"title": "New"}, headers=known)
        self.assertEqual(changed["ETag"], client.get(self.url)["ETag"])
        response = client.patch(self.url, {"title": "Newer"}, headers=known)
        self.assert_error(response, BlogError.CHANGED_MEANWHILE)


class FieldsInTheAdminTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.blog = BlogFactory(published=True, title="Old", content="Old")

    def url(self, blog: Blog) -> str:
        return reverse("admin:blog_blog_change", args=[blog.pk])

    def log_in(self, user: User) -> User:
        user.is_staff = True
        user.save()
        log_in_to_admin(self.client, user)
        return user

    def boxes(self) -> set[str]:
        """Return the fields that the form of the blog has a box for."""
        page = self.client.get(self.url(self.blog))
        self.assertContains(page, "Old")
        return set(page.context["adminform"].form.fields)

    def post(self, blog: Blog | None = None) -> int:
        form = {"title": "New", "content": "New", "metadata": '{"a": 1}'}
        return self.client.post(self.url(blog or self.blog), form).status_code

    def saved(self) -> tuple[str, str, dict]:
        return Blog.objects.values_list("title", "content", "metadata").get(pk=self.blog.pk)

    def test_support_changes_the_title_alone(self) -> None:
        self.log_in(support_agent())
        self.assertEqual(self.boxes(), {"title"})
        self.assertEqual((self.post(), self.saved()), (302, ("New", "Old", {})))

    def test_an_editor_changes_title_and_content(self) -> None:
        self.log_in(editor())
        self.assertEqual(self.boxes(), {"title", "content"})
        self.assertEqual((self.post(), self.saved()), (302, ("New", "New", {})))

    def test_the_one_permission_is_enough_to_get_there(self) -> None:
        self.log_in(staff("change_blog_content"))
        self.assertEqual(self.boxes(), {"content"})
        self.assertEqual((self.post(), self.saved()), (302, ("Old", "New", {})))

    def test_who_may_only_look_changes_nothing(self) -> None:
        self.log_in(staff("view_blog"))
        self.assertEqual(self.boxes(), set())
        self.assertEqual((self.post(), self.saved()), (403, ("Old", "Old", {})))

    def test_nobody_changes_an_own_blog_past_the_review(self) -> None:
        user = self.log_in(editor())
        mine = BlogFactory(published=True, author__user=user)
        self.assertEqual(self.post(mine), 403)

    def test_who_may_change_every_blog_has_a_box_for_every_field(self) -> None:
        self.log_in(staff("change_blog"))
        self.assertEqual(self.boxes(), {"author", "title", "content", "continues", "metadata"})

    def test_who_may_add_a_blog_fills_in_all_of_it(self) -> None:
        self.log_in(staff("add_blog", "change_blog_title"))
        form = self.client.get(reverse("admin:blog_blog_add")).context["adminform"].form
        self.assertIn("content", form.fields)
