"""Every model has a factory, which makes valid rows, as many as a test wants."""

from collections import Counter

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.test import TestCase
from django_fsm import FSMField
from factory.django import DjangoModelFactory

from .. import factories
from ..helpers import CommittedTests

FACTORIES = [
    value
    for value in vars(factories).values()
    if isinstance(value, type)
    and issubclass(value, DjangoModelFactory)
    and value is not DjangoModelFactory
]
OWN_APPS = [
    config.label for config in apps.get_app_configs() if (settings.BASE_DIR / config.label).is_dir()
]


def own_models() -> list[type[Model]]:
    return [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]


def clean(row: Model) -> None:
    """Validate a row, but for a state that only its transitions may set; the database checks it."""
    row.full_clean(exclude=[each.name for each in row._meta.fields if isinstance(each, FSMField)])


class FactoryTests(CommittedTests, TestCase):
    def test_the_apps_are_those_of_the_reference_app(self) -> None:
        self.assertCountEqual(OWN_APPS, ["accounts", "author", "blog", "common"])

    def test_every_model_has_one_factory(self) -> None:
        made = Counter(each._meta.model for each in FACTORIES)
        self.assertEqual(made, Counter(own_models()))

    def test_what_a_factory_makes_is_valid_and_twice_is_not_the_same(self) -> None:
        for each in FACTORIES:
            with self.subTest(each.__name__):
                first, second = each.create_batch(2)
                self.assertNotEqual(first.pk, second.pk)
                for row in (first, second):
                    self.assertIsNone(clean(row))

    def test_every_trait_of_a_blog_is_valid(self) -> None:
        for trait in factories.BlogFactory._meta.parameters:
            with self.subTest(trait):
                self.assertIsNone(clean(factories.BlogFactory(**{trait: True})))
