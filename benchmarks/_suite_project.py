"""Writes the project whose suite is measured: 200 migrations and 300 tests."""

import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

APPS = ("shop", "orders", "stock", "billing", "news")
# What the 40 migrations of an app do; they take turns with its ten models.
CREATED, ADDED, ALTERED, INDEXED, RUN = 10, 14, 8, 6, 2
MIGRATIONS = len(APPS) * (CREATED + ADDED + ALTERED + INDEXED + RUN)
UNIT, MODEL, API, TRANSACTIONS = 100, 100, 90, 10

_SETTINGS = """
SECRET_KEY = "not secret"
ROOT_URLCONF = "shop.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    *{apps!r},
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {{
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        }},
    }}
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

urlpatterns = [
    path("things/", ThingList.as_view()),
    path("things/<int:pk>/", ThingDetail.as_view()),
]
"""
_API = """
from rest_framework import generics, serializers
from shop.models import Model0

class ThingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Model0
        fields = ["id", "name", "field10"]

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
        Model0.objects.filter(pk=parts[0].parent_id).update(field10={number})
        parts[0].parent.refresh_from_db()
        self.assertEqual(parts[0].parent.field10, {number})
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
        place = f"/things/{{made.json()['id']}}/"
        changed = self.client.patch(place, {{"name": "x"}}, format="json")
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
        "shop_settings.py": _SETTINGS.format(apps=APPS, database=dict(database), more=runner),
        "shop/urls.py": _URLS,
        "shop/api.py": _API,
        "shop/factories.py": _FACTORIES,
        "checks/__init__.py": "",
        **_tests(),
    }
    for number, app in enumerate(APPS):
        files |= _app(app, APPS[number - 1] if number else "")
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


def _app(app: str, before: str) -> dict[str, str]:
    """Return the files of an app whose models refer to one another and to the app before."""
    files = {
        f"{app}/__init__.py": "",
        f"{app}/migrations/__init__.py": "",
        f"{app}/models.py": _models(app, before),
    }
    needed = [("auth", "0001_initial")]
    if before:
        needed.append((before, f"{MIGRATIONS // len(APPS):04}_step"))
    for number, step in enumerate(_steps(app, before), 1):
        files[f"{app}/migrations/{number:04}_step.py"] = (
            "from django.conf import settings\nfrom django.db import migrations, models\n\n\n"
            "def nothing(apps, schema_editor):\n"
            f'    apps.get_model("{app}", "Model0").objects.filter(name="").update(name="-")\n\n\n'
            "class Migration(migrations.Migration):\n"
            f"    dependencies = {needed!r}\n    operations = [{step}]\n"
        )
        needed = [(app, f"{number:04}_step")]
    return files


def _parent(app: str, before: str, number: int) -> str:
    if number:
        return f'"{app}.Model{number - 1}"'
    return f'"{before}.Model0"' if before else "settings.AUTH_USER_MODEL"


def _name(number: int) -> str:
    length = 60 if number < ALTERED else 40
    return f'models.CharField(max_length={length}, default="")'


def _models(app: str, before: str) -> str:
    """Return models with what all migrations together give them."""
    lines = ["from django.conf import settings", "from django.db import models", ""]
    for number in range(CREATED):
        parent = _parent(app, before, number)
        lines += [f"class Model{number}(models.Model):", f"    name = {_name(number)}"]
        lines += [f"    parent = models.ForeignKey({parent}, models.CASCADE, null=True)"]
        lines += [
            f"    field{step} = models.IntegerField(default=0)"
            for step in range(1, ADDED + 1)
            if step % CREATED == number
        ]
        if number < INDEXED:
            lines += ["    class Meta:"]
            lines += [f'        indexes = [models.Index(fields=["name"], name="{app}_{number}")]']
        lines += [""]
    return "\n".join(lines)


def _steps(app: str, before: str) -> list[str]:
    """Return the operation of each migration."""
    steps = [
        f'migrations.CreateModel("Model{number}", [("id", models.BigAutoField(primary_key=True,'
        ' auto_created=True, serialize=False, verbose_name="ID")),'
        ' ("name", models.CharField(max_length=40, default="")),'
        f' ("parent", models.ForeignKey({_parent(app, before, number)}, models.CASCADE,'
        " null=True))])"
        for number in range(CREATED)
    ]
    steps += [
        f'migrations.AddField("Model{step % CREATED}", "field{step}",'
        " models.IntegerField(default=0))"
        for step in range(1, ADDED + 1)
    ]
    steps += [
        f'migrations.AlterField("Model{number}", "name", {_name(number)})'
        for number in range(ALTERED)
    ]
    steps += [
        f'migrations.AddIndex("Model{number}", models.Index(fields=["name"],'
        f' name="{app}_{number}"))'
        for number in range(INDEXED)
    ]
    return steps + ["migrations.RunPython(nothing, migrations.RunPython.noop)"] * RUN


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
