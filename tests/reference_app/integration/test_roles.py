"""`manage.py make_roles`, and what the roles may do."""

import io
from unittest import mock

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import TestCase

from accounts import _roles
from accounts.public import EDITORS, SUPPORT, make_roles

from ..factories import UserFactory


def permissions_of(role: str) -> set[str]:
    """Return what a member of the role may do."""
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user.get_all_permissions()


class MakeRolesTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Group.objects.all().delete()

    def test_editors_may_review_and_no_more_than_their_role_names(self) -> None:
        make_roles()
        may = permissions_of(EDITORS)
        self.assertLessEqual({"blog.review_blog", "blog.view_blog", "blog.view_comment"}, may)
        self.assertLessEqual(may, set(_roles.ROLES[EDITORS]))

    def test_support_may_end_logins_and_delete_comments_and_not_review(self) -> None:
        make_roles()
        may = permissions_of(SUPPORT)
        self.assertLessEqual({"accounts.delete_devicetoken", "blog.delete_comment"}, may)
        self.assertLessEqual(may, set(_roles.ROLES[SUPPORT]))
        self.assertNotIn("blog.review_blog", may)

    def test_a_permission_of_the_same_name_in_another_app_is_not_given(self) -> None:
        with mock.patch.dict(_roles.ROLES, {SUPPORT: ("author.view_user",)}):
            self.assertIn("author.view_user", make_roles())
        self.assertEqual(permissions_of(SUPPORT), set())

    def test_what_a_role_was_given_by_hand_stays(self) -> None:
        make_roles()
        extra = Permission.objects.get(codename="add_tag")
        Group.objects.get(name=SUPPORT).permissions.add(extra)
        make_roles()
        self.assertIn("blog.add_tag", permissions_of(SUPPORT))

    def test_what_was_taken_away_by_accident_comes_back(self) -> None:
        make_roles()
        Group.objects.get(name=EDITORS).permissions.clear()
        make_roles()
        self.assertIn("blog.review_blog", permissions_of(EDITORS))


class MakeRolesCommandTests(TestCase):
    def run_command(self) -> tuple[str, str]:
        stdout, stderr = io.StringIO(), io.StringIO()
        call_command("make_roles", stdout=stdout, stderr=stderr)
        return stdout.getvalue(), stderr.getvalue()

    def test_it_makes_the_roles_and_says_so(self) -> None:
        Group.objects.all().delete()
        stdout, _ = self.run_command()
        self.assertEqual(stdout, "Content Editor, Support Agent: the groups are there.\n")
        self.assertEqual(Group.objects.count(), 2)

    def test_a_second_run_makes_none(self) -> None:
        self.run_command()
        before = list(Group.objects.values_list("pk", flat=True))
        self.run_command()
        self.assertEqual(list(Group.objects.values_list("pk", flat=True)), before)

    def test_it_names_a_permission_that_is_not_there(self) -> None:
        with mock.patch.dict(_roles.ROLES, {SUPPORT: ("blog.juggle",)}):
            _, stderr = self.run_command()
        self.assertIn(
            "There is no permission blog.juggle yet. Run `manage.py migrate` first.", stderr
        )
