"""Every model has a factory, which makes valid rows, as many as a test wants."""

from collections import Counter

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.test import TestCase
from factory.django import DjangoModelFactory

from .. import factories

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


class FactoryTests(TestCase):
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
                    self.assertIsNone(row.full_clean())

    def test_every_trait_of_a_blog_is_valid(self) -> None:
        for trait in factories.BlogFactory._meta.parameters:
            with self.subTest(trait):
                self.assertIsNone(factories.BlogFactory(**{trait: True}).full_clean())
