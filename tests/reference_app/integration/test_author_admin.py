"""The pages of the admin about followers and the mails that they get."""

from datetime import date
from uuid import uuid4

from django.contrib import admin
from django.test import TestCase
from django.urls import reverse

from author.models import DigestDelivery, Follow, PublicationDelivery
from common.admin import ChangedFieldsAdmin

from ..factories import FollowFactory, UserFactory
from ..helpers import log_in_to_admin

DELIVERIES = (DigestDelivery, PublicationDelivery)
MODELS = (Follow, *DELIVERIES)


def make_rows() -> None:
    user = FollowFactory().follower
    PublicationDelivery.objects.create(recipient=user, blog_uuid=uuid4())
    DigestDelivery.objects.create(recipient=user, week=date(2026, 3, 2))


class AuthorAdminTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.user = UserFactory(is_staff=True, is_superuser=True)
        make_rows()

    def setUp(self) -> None:
        super().setUp()
        log_in_to_admin(self.client, self.user)

    def page(self, model, name: str, *args, **query):
        return self.client.get(
            reverse(f"admin:author_{model._meta.model_name}_{name}", args=args), query
        )

    def test_every_list_opens_and_can_be_searched(self) -> None:
        for model in MODELS:
            self.assertEqual(self.page(model, "changelist", q="x").status_code, 200, model)

    def test_every_row_opens(self) -> None:
        for model in MODELS:
            self.assertEqual(self.page(model, "change", model.objects.get().pk).status_code, 200)

    def test_a_mail_is_neither_made_nor_changed_by_hand(self) -> None:
        for model in DELIVERIES:
            self.assertEqual(self.page(model, "add").status_code, 403, model)
            page = self.page(model, "change", model.objects.get().pk).content.decode()
            for field in model._meta.concrete_fields:
                self.assertNotIn(f'name="{field.name}', page, model)

    def test_every_model_is_saved_by_its_changed_fields_alone(self) -> None:
        for model in MODELS:
            self.assertIsInstance(admin.site.get_model_admin(model), ChangedFieldsAdmin, model)
