"""Writes the project whose suite is measured: 200 migrations and 300 tests."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MIGRATIONS = 200
MODELS = 20
UNIT, MODEL, API, TRANSACTIONS = 100, 100, 90, 10

_SETTINGS = """
SECRET_KEY = "not secret"
ROOT_URLCONF = "shop.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "rest_framework",
    "shop",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {{"default": {database!r}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
REST_FRAMEWORK = {{
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}}
{more}
"""
_URLS = """
from django.urls import path
from shop.api import ThingDetail, ThingList

urlpatterns = [path("things/", ThingList.as_view()), path("things/<int:pk>/", ThingDetail.as_view())]
"""
_API = """
from rest_framework import generics, serializers
from shop.models import Model0

class ThingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Model0
        fields = ["id", "name", "field1"]

class ThingList(generics.ListCreateAPIView):
    queryset = Model0.objects.order_by("id")
    serializer_class = ThingSerializer

class ThingDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = Model0.objects.all()
    serializer_class = ThingSerializer
"""
_FACTORIES = """
import factory
from django.contrib.auth import get_user_model
from shop.models import Model0, Model1

class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
    username = factory.Sequence("user{}".format)
    password = factory.django.Password("secret")

class ThingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Model0
    name = factory.Faker("word")

class PartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Model1
    name = factory.Sequence("part {}".format)
    parent = factory.SubFactory(ThingFactory)
"""
_UNIT = """
    def test_{number}(self):
        words = ["w%d" % (one * {number} % 97) for one in range(200)]
        self.assertEqual(sorted(set(words)), sorted(dict.fromkeys(words)))
"""
_MODEL = """
    def test_{number}(self):
        parts = PartFactory.create_batch(2)
        user = UserFactory()
        Model0.objects.filter(pk=parts[0].parent_id).update(field1={number})
        parts[0].parent.refresh_from_db()
        self.assertEqual(parts[0].parent.field1, {number})
        self.assertEqual(Model1.objects.select_related("parent").count(), 2)
        self.assertTrue(user.check_password("secret"))
"""
_API_TEST = """
    def test_{number}(self):
        self.client.force_login(UserFactory())
        ThingFactory.create_batch(3)
        made = self.client.post("/things/", {{"name": "new {number}"}}, format="json")
        self.assertEqual(made.status_code, 201)
        self.assertEqual(len(self.client.get("/things/").json()), 4)
        changed = self.client.patch(f"/things/{{made.json()['id']}}/", {{"name": "x"}}, format="json")
        self.assertEqual(changed.json()["name"], "x")
"""
_TRANSACTION = """
    def test_{number}(self):
        with transaction.atomic():
            thing = ThingFactory(name="n{number}")
            UserFactory()
        self.assertEqual(Model0.objects.get().name, thing.name)
"""


def write_project(root: Path, database: Mapping[str, Any], *, ours: bool, django: bool) -> None:
    """Write the project into an empty folder.

    Args:
        root: the folder.
        database: the entry of DATABASES.
        ours: whether it takes this package's template.
        django: whether TEST_RUNNER is this package's.
    """
    runner = 'TEST_RUNNER = "quality_harness.testing.runner.QualityHarnessRunner"' if django else ""
    files = {
        "pyproject.toml": _pyproject(ours),
        "manage.py": _manage(),
        "shop_settings.py": _SETTINGS.format(database=dict(database), more=runner),
        "shop/__init__.py": "",
        "shop/models.py": _models(),
        "shop/urls.py": _URLS,
        "shop/api.py": _API,
        "shop/factories.py": _FACTORIES,
        "shop/migrations/__init__.py": "",
        "checks/__init__.py": "",
        **_migrations(),
        **_tests(),
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _pyproject(ours: bool) -> str:
    table = '[tool.quality_harness.testing]\ntemplate = true\npaths = ["checks"]\n'
    return (
        '[tool.pytest.ini_options]\nDJANGO_SETTINGS_MODULE = "shop_settings"\n'
        'pythonpath = ["."]\ntestpaths = ["checks"]\n'
    ) + (table if ours else "")


def _manage() -> str:
    return textwrap.dedent("""
        import os, sys
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop_settings")
        from django.core.management import execute_from_command_line
        execute_from_command_line(sys.argv)
        """)


def _models() -> str:
    """Return models with what all migrations together give them."""
    added = (MIGRATIONS - 2 * MODELS + 1) // MODELS
    lines = ["from django.db import models", ""]
    for number in range(MODELS):
        lines += [f"class Model{number}(models.Model):"]
        lines += ['    name = models.CharField(max_length=40, default="")']
        if number:
            lines += [
                f'    parent = models.ForeignKey("Model{number - 1}", models.CASCADE, null=True)'
            ]
        lines += [f"    field{one} = models.IntegerField(default=0)" for one in range(1, added + 1)]
        lines += [""]
    return "\n".join(lines)


def _migrations() -> dict[str, str]:
    steps = []
    for number in range(MODELS):
        steps.append(
            f'migrations.CreateModel("Model{number}", [("id", models.BigAutoField(primary_key=True,'
            ' auto_created=True, serialize=False, verbose_name="ID")),'
            ' ("name", models.CharField(max_length=40, default=""))])'
        )
    for number in range(1, MODELS):
        steps.append(
            f'migrations.AddField("Model{number}", "parent",'
            f' models.ForeignKey("shop.Model{number - 1}", models.CASCADE, null=True))'
        )
    added = (MIGRATIONS - 2 * MODELS + 1) // MODELS
    for field in range(1, added + 1):
        for number in range(MODELS):
            steps.append(
                f'migrations.AddField("Model{number}", "field{field}",'
                " models.IntegerField(default=0))"
            )
    while len(steps) < MIGRATIONS:
        steps.append("migrations.RunPython(migrations.RunPython.noop)")
    files = {}
    for number, step in enumerate(steps, 1):
        before = f'("shop", "{number - 1:04}_step")' if number > 1 else ""
        files[f"shop/migrations/{number:04}_step.py"] = (
            "from django.db import migrations, models\n\n\n"
            "class Migration(migrations.Migration):\n"
            f"    dependencies = [{before}]\n    operations = [{step}]\n"
        )
    return files


def _tests() -> dict[str, str]:
    from_django = "from django.test import SimpleTestCase, TestCase, TransactionTestCase\n"
    ours = "from django.db import transaction\nfrom rest_framework.test import APITestCase\n"
    ours += "from shop.factories import *\n"
    head = from_django + ours
    kinds = {
        "unit": ("SimpleTestCase", _UNIT, UNIT),
        "models": ("TestCase", _MODEL, MODEL),
        "api": ("APITestCase", _API_TEST, API),
        "transactions": ("TransactionTestCase", _TRANSACTION, TRANSACTIONS),
    }
    files = {}
    for name, (base, body, count) in kinds.items():
        # Classes of ten: `--parallel` shares out classes.
        text = head
        for number in range(count):
            if number % 10 == 0:
                text += f"\n\nclass Case{number // 10}Tests({base}):"
            text += body.format(number=number)
        files[f"checks/test_{name}.py"] = text
    return files
