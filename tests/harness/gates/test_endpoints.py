"""The gate on a project of its own."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.db import connections
from django.test import SimpleTestCase, override_settings, tag
from django.test.runner import DiscoverRunner
from django.urls import path

from quality_harness.gate import CouldNotRun
from quality_harness.gates import _endpoint_matrix, endpoints
from quality_harness.gates.endpoints import GATE, Options
from quality_harness.testing.endpoints import Endpoints
from quality_harness.testing.endpoints.matrix import Matrix
from quality_harness.testing.endpoints.sharing import Share
from quality_harness.testing.runner import QualityHarnessRunner
from quality_harness.tool import alone
from tests.harness.projects import ProjectCase, places
from tests.harness.testing.endpoint_projects import (
    GET_OWNER,
    GET_PUBLIC,
    ROLES,
    MatrixCase,
    Urls,
    for_owner,
    nothing,
)

SETTINGS = """
    SECRET_KEY = "x"
    ROOT_URLCONF = "shop.urls"
    INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "shop"]
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    """
VIEWS = """
    from django.http import HttpResponse, JsonResponse
    from django.views.decorators.http import require_safe
    from shop.models import Order


    @require_safe
    def orders(request):
        if request.headers.get("X-Who") != "owner":
            return HttpResponse(status=403)
        return JsonResponse({"results": list(Order.objects.values("pk")[:50])})
    """
URLS = """
    from django.urls import path
    from shop import views

    urlpatterns = [path("orders/", views.orders, name="orders")]
    """
DECLARATIONS = """
    from contextlib import nullcontext

    from django.test import Client
    from quality_harness.testing.endpoints import Allowed, Endpoints, Role
    from shop.models import Order


    def rows(world, count):
        Order.objects.bulk_create(Order() for _ in range(count))


    ENDPOINTS = Endpoints(
        world=nullcontext,
        roles=(
            Role("anonymous", lambda world: Client()),
            Role("owner", lambda world: Client(headers={"X-Who": "owner"})),
        ),
        declared=(Allowed("orders", "GET", ("owner",), rows=rows),),
    )
    """
MODELS = """
    from django.db import models


    class Order(models.Model):
        id = models.BigAutoField(primary_key=True)
    """


class ShopCase(ProjectCase):
    def setUp(self) -> None:
        super().setUp()
        self.write(
            {
                "settings.py": SETTINGS,
                "shop/__init__.py": "",
                "shop/models.py": MODELS,
                "shop/views.py": VIEWS,
                "shop/urls.py": URLS,
                "shop/endpoints.py": DECLARATIONS,
            }
        )

    def sent(self, **values: Any) -> Any:
        options = Options(declarations="shop.endpoints", max_page_size=50)
        return self.check(GATE, **{"options": options, "settings": "settings", **values})


@tag("slow")
class EndpointsGateTests(ShopCase):
    def test_a_project_that_does_as_declared_is_left_alone(self) -> None:
        checked = self.sent()

        self.assertEqual(checked.findings, ())
        self.assertEqual(checked.unit, "requests")
        self.assertGreater(checked.checked, 10)
        self.assertRegex(checked.note, r"^1 routes, 1 methods, 2 roles, \d+\.\d s$")

    def test_a_new_route_and_an_open_view_are_found_where_they_stand(self) -> None:
        more = "\n\n    @require_safe\n    def new(request):\n        return HttpResponse()\n"
        opened = VIEWS.replace('!= "owner"', '== "thief"')
        self.write(
            {
                "shop/views.py": opened + more,
                "shop/urls.py": URLS.replace("[path", '[path("new/", views.new), path'),
            }
        )

        checked = self.sent()

        self.assertEqual(
            places(checked), [("END001", "shop/views.py", 14), ("END002", "shop/views.py", 7)]
        )
        self.assertIn("GET /new/ is declared nowhere", checked.findings[0].message)
        self.assertIn("answers 200 to anonymous", checked.findings[1].message)

    def test_the_database_is_one_of_its_own(self) -> None:
        named = '"NAME": "shop.sqlite3", "TEST": {"NAME": "test_shop.sqlite3"}'
        raising = "raise ValueError(connection.settings_dict['NAME'])"
        self.write(
            {
                "settings.py": SETTINGS.replace('"NAME": ":memory:"', named),
                "shop/urls.py": f"from django.db import connection\n\n{raising}\n",
            }
        )

        with self.assertRaisesRegex(
            CouldNotRun, "The matrix broke off: .*test_shop.sqlite3_endpoints"
        ):
            self.sent()

        self.assertEqual(list(self.root.glob("*sqlite3*")), [])

    def test_a_project_that_cannot_be_set_up_has_no_verdict(self) -> None:
        self.write({"shop/models.py": "import nowhere\n"})

        with self.assertRaisesRegex(CouldNotRun, "cannot be set up: shop/models.py:1: ModuleNotFo"):
            self.sent()

    def test_declarations_that_cannot_be_imported_have_no_verdict(self) -> None:
        self.write({"shop/endpoints.py": DECLARATIONS.replace('"GET"', '"get"')})

        with self.assertRaisesRegex(
            CouldNotRun,
            r"declarations in 'shop.endpoints' cannot be used: shop/endpoints.py:\d+: V",
        ):
            self.sent()

    def test_declarations_without_endpoints_have_no_verdict(self) -> None:
        self.write({"shop/endpoints.py": ""})

        with self.assertRaisesRegex(CouldNotRun, "'shop.endpoints' has no ENDPOINTS"):
            self.sent()

    def test_a_database_that_cannot_be_made_is_no_verdict(self) -> None:
        nowhere = '"sqlite3", "NAME": "x", "TEST": {"NAME": "no/such/folder/x"}}}'
        broken = SETTINGS.replace('sqlite3", "NAME": ":memory:"}}', nowhere[1:])
        self.write({"settings.py": broken})

        with self.assertRaisesRegex(CouldNotRun, "No test database can be made: OperationalError"):
            self.sent()

    def test_a_process_that_breaks_off_has_no_verdict(self) -> None:
        self.write({"shop/endpoints.py": "import os\nos._exit(3)\n"})

        with self.assertRaisesRegex(CouldNotRun, "broke off with exit code 3: no reason given"):
            self.sent()


class NoVerdictTests(ShopCase):
    def test_settings_are_needed(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, "No Django settings are named"):
            self.sent(settings="")

    def test_declarations_are_needed(self) -> None:
        with self.assertRaisesRegex(CouldNotRun, 'endpoints.md shows how.*declarations = "..."'):
            self.sent(options=Options())

    def test_a_second_run_in_the_same_checkout_is_refused(self) -> None:
        with (
            alone(self.root, "endpoints"),
            self.assertRaisesRegex(CouldNotRun, "Another run of this gate"),
        ):
            self.sent()


class AnswerTests(ShopCase):
    """What the gate makes of what the process has written."""

    def findings(self, file: str, declarations: str = "shop.endpoints") -> Any:
        found = {"code": "END001", "message": "m", "hint": "h", "file": file, "line": 3}
        numbers = {"routes": 1, "methods": 1, "roles": 1, "requests": 1, "seconds": 1}
        text = endpoints.json.dumps({**numbers, "findings": [found]})

        def run(module: str, arguments: list[str], **options: Any) -> Any:
            Path(arguments[0]).write_text(text, encoding="utf-8")
            return CompletedProcess([], 0, "", "")

        with mock.patch.object(endpoints, "run_module", run):
            return places(self.sent(options=Options(declarations=declarations)))

    def test_a_view_of_the_project_is_the_place(self) -> None:
        found = self.findings(str(self.root / "shop/views.py"))
        self.assertEqual(found, [("END001", "shop/views.py", 3)])

    def test_a_view_of_another_package_is_found_in_the_declarations(self) -> None:
        for file in ("", "/elsewhere/views.py", str(self.root / ".venv/views.py")):
            self.assertEqual(self.findings(file), [("END001", "shop/endpoints.py", 0)])

    def test_declarations_outside_of_the_project_are_found_in_its_configuration(self) -> None:
        found = self.findings("", "elsewhere.endpoints")
        self.assertEqual(found, [("END001", "pyproject.toml", 0)])


class MatrixProcessTests(MatrixCase):
    """What the process writes, in this one."""

    def answer(self, *declared: Any) -> Any:
        module = SimpleNamespace(ENDPOINTS=Endpoints(world=nothing, roles=ROLES, declared=declared))
        urls = Urls([path("a/", for_owner, name="it")])
        with (
            mock.patch.object(_endpoint_matrix.importlib, "import_module", return_value=module),
            mock.patch.object(_endpoint_matrix, "_databases", partial(nullcontext, [])),
            mock.patch.object(_endpoint_matrix, "_processes", return_value=1),
            # This process goes on, and other tests look for its objects.
            mock.patch.object(_endpoint_matrix.gc, "freeze"),
            # Else the connection of this test is closed.
            mock.patch.object(_endpoint_matrix, "connections"),
            override_settings(ROOT_URLCONF=urls, MIDDLEWARE=[]),
        ):
            return _endpoint_matrix.answer("it.endpoints", 20)

    def test_what_was_sent_is_counted(self) -> None:
        answer = self.answer(GET_OWNER)
        self.assertGreater(answer.pop("seconds"), 0)
        self.assertEqual(
            answer, {"routes": 1, "methods": 1, "roles": 4, "requests": 25, "findings": []}
        )

    def test_what_is_found_has_its_place(self) -> None:
        [found] = self.answer(GET_PUBLIC)["findings"]
        self.assertEqual(found["code"], "END007")
        self.assertTrue(found["file"].endswith("endpoint_projects.py"))
        self.assertGreater(found["line"], 0)

    def test_what_is_about_a_declaration_has_none(self) -> None:
        found = self.answer(GET_OWNER, replaced(GET_PUBLIC))["findings"]
        self.assertEqual(
            [(one["code"], one["file"], one["line"]) for one in found], [("END006", "", 0)]
        )


def replaced(declared: Any) -> Any:
    return type(declared)("nowhere", "GET", declared.reason)


class ShareTests(MatrixCase):
    """What a process does that sends a share of it all."""

    def matrix(self, world: Any = nothing) -> Matrix:
        endpoints = Endpoints(world=world, roles=ROLES, declared=(GET_OWNER,))
        return Matrix.of(endpoints, 20)

    def setUp(self) -> None:
        urls = Urls([path("a/", for_owner, name="it"), path("b/", for_owner, name="new")])
        self.enterContext(override_settings(ROOT_URLCONF=urls, MIDDLEWARE=[]))

    def share(self, matrix: Matrix, process: int = 0) -> Any:
        return _endpoint_matrix._share(matrix, Share(multiprocessing.Value("L", 0), process))

    def test_what_nobody_else_has_taken_is_sent(self) -> None:
        counter = multiprocessing.Value("L", 1)
        rest = _endpoint_matrix._share(self.matrix(), Share(counter, 0))
        self.assertEqual((rest["requests"], rest["findings"]), (25, []))
        self.assertEqual(counter.value, 3)

    def test_a_forked_process_goes_over_to_its_own_databases_and_keys(self) -> None:
        connection = mock.Mock()
        with (
            mock.patch.object(_endpoint_matrix, "connections") as all_connections,
            mock.patch.object(_endpoint_matrix, "separate_caches") as separate,
            mock.patch.object(_endpoint_matrix, "Finalize") as at_exit,
        ):
            all_connections.all.return_value = [connection]
            self.share(self.matrix(), process=3)
        connection.creation.setup_worker_connection.assert_called_once_with(3)
        separate.assert_called_once_with()
        at_exit.assert_called_once_with(None, _endpoint_matrix.empty_caches, exitpriority=1)

    def test_what_breaks_off_is_a_problem(self) -> None:
        @contextmanager
        def broken() -> Iterator[None]:
            yield {}["world"]

        answer = self.share(self.matrix(broken))
        self.assertRegex(answer["problem"], r"^The matrix broke off: .*KeyError: 'world'\.$")

    def test_what_cannot_be_run_says_why(self) -> None:
        world = mock.Mock(side_effect=CouldNotRun("There is no provider."))
        self.assertEqual(self.share(self.matrix(world)), {"problem": "There is no provider."})

    def test_findings_are_told_by_their_parts(self) -> None:
        shares = [
            {"requests": 2, "findings": [{"part": 3}]},
            {"requests": 5, "findings": [{"part": 0}, {"part": 4}]},
        ]
        joined = _endpoint_matrix._joined(shares, 1.5)
        self.assertEqual([each["part"] for each in joined["findings"]], [0, 3, 4])
        self.assertEqual((joined["requests"], joined["seconds"]), (7, 1.5))

    def test_a_problem_of_one_process_is_one_of_all(self) -> None:
        problem = {"problem": "broken"}
        self.assertEqual(_endpoint_matrix._joined([{"requests": 2}, problem], 1.5), problem)


class ProcessesTests(SimpleTestCase):
    def number(self, count: int | None, platform: str = "linux", *, clones: bool = True) -> int:
        features = mock.Mock(can_clone_databases=clones)
        with (
            mock.patch.object(_endpoint_matrix.os, "cpu_count", return_value=count),
            mock.patch.object(_endpoint_matrix.sys, "platform", platform),
            mock.patch.object(connections["default"], "features", features),
        ):
            return _endpoint_matrix._processes()

    def test_each_processor_has_one_up_to_a_limit(self) -> None:
        self.assertEqual([self.number(each) for each in (None, 1, 2, 64)], [1, 1, 2, 4])

    def test_where_no_database_can_be_copied_or_no_fork_is_safe_there_is_one(self) -> None:
        self.assertEqual(self.number(2, clones=False), 1)
        self.assertEqual(self.number(2, "darwin"), 1)


class ProblemTests(SimpleTestCase):
    def test_a_module_without_endpoints_is_a_problem(self) -> None:
        answer = _endpoint_matrix.answer("json", 20)
        self.assertIn("'json' has no ENDPOINTS", answer["problem"])

    def test_an_exception_is_a_problem_with_what_was_done(self) -> None:
        answer = _endpoint_matrix.answer("no.such.module", 20)
        self.assertIn("'no.such.module' cannot be used: ", answer["problem"])
        self.assertIn("ModuleNotFoundError", answer["problem"])

    def test_the_answer_is_written_to_the_file(self) -> None:
        target = mock.Mock()
        with mock.patch.object(_endpoint_matrix, "Path", return_value=target):
            _endpoint_matrix.main("file", "json", "20")
        self.assertIn("has no ENDPOINTS", target.write_text.call_args[0][0])


class Recorded:
    """A runner that only notes what it is asked for."""

    calls: list[str] = []

    def __init__(self, **options: Any) -> None:
        self.calls.append(type(self).__name__)

    def setup_test_environment(self) -> None:
        self.calls.append("environment")

    def setup_databases(self, **options: Any) -> str:
        self.calls.append(f"databases {sorted(options['aliases'])}")
        return "old"

    def teardown_databases(self, old: str) -> None:
        self.calls.append(f"drop {old}")

    def teardown_test_environment(self) -> None:
        self.calls.append("restore")


class DatabasesTests(SimpleTestCase):
    def setUp(self) -> None:
        Recorded.calls = []
        test = connections["default"].settings_dict["TEST"]
        self.enterContext(mock.patch.dict(test))

    def test_the_projects_runner_makes_them_under_another_name(self) -> None:
        before = connections["default"].creation._get_test_db_name()
        with (
            mock.patch.object(_endpoint_matrix, "get_runner", return_value=Recorded),
            _endpoint_matrix._databases(),
        ):
            name = connections["default"].settings_dict["TEST"]["NAME"]
        self.assertEqual(name, f"{before}_endpoints")
        self.assertEqual(
            Recorded.calls,
            ["Recorded", "environment", "databases ['default']", "drop old", "restore"],
        )

    def test_each_other_process_has_a_copy_of_each_original(self) -> None:
        original, alias = mock.Mock(), mock.Mock()
        made = [(original, "a", True), (alias, "a", False)]
        with (
            mock.patch.object(_endpoint_matrix, "connections") as all_connections,
            _endpoint_matrix._copies(made, 2) as number,
        ):
            self.assertEqual(number, 2)
            self.assertEqual(original.creation.destroy_test_db.call_args_list, [])
        all_connections.close_all.assert_called_once_with()
        self.assertEqual(
            original.creation.method_calls,
            [
                mock.call.clone_test_db("1", verbosity=0),
                mock.call.clone_test_db("2", verbosity=0),
                mock.call.destroy_test_db(suffix="2", verbosity=0),
                mock.call.destroy_test_db(suffix="1", verbosity=0),
            ],
        )
        self.assertEqual(alias.creation.method_calls, [])

    def test_djangos_own_runner_is_replaced_by_ours(self) -> None:
        ours = type("Ours", (Recorded,), {})
        with (
            mock.patch.object(_endpoint_matrix, "get_runner", return_value=DiscoverRunner),
            mock.patch.object(_endpoint_matrix, "QualityHarnessRunner", ours),
            _endpoint_matrix._databases(),
        ):
            self.assertEqual(Recorded.calls[0], "Ours")
        self.assertTrue(issubclass(QualityHarnessRunner, DiscoverRunner))

    def test_mirrors_and_databases_in_memory_keep_their_name(self) -> None:
        for vendor, mirror in (("sqlite", None), ("postgresql", "default")):
            test = {"MIRROR": mirror, "NAME": None}
            connection = mock.Mock(vendor=vendor, settings_dict={"TEST": test})
            _endpoint_matrix._rename(connection)
            self.assertIsNone(test["NAME"])
