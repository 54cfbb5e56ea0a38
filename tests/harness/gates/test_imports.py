from unittest import mock

from django.test import tag

from quality_harness.gate import CouldNotRun
from quality_harness.gates import imports
from quality_harness.gates.imports import GATE
from tests.harness.projects import ProjectCase, places

CONTRACT = """
    [tool.importlinter]
    root_packages = ["shop"]
    [[tool.importlinter.contracts]]
    name = "views are above models"
    type = "layers"
    containers = ["shop"]
    layers = ["views", "models"]
    """


@tag("slow")
class ImportsGateTests(ProjectCase):
    def test_an_import_against_the_layers_is_found(self):
        self.write(
            {
                "pyproject.toml": CONTRACT,
                "src/shop/__init__.py": "",
                "src/shop/views.py": "",
                "src/shop/models.py": "import os\n\nfrom shop import views\n",
            }
        )

        checked = self.check(GATE, python_path=("src",))

        self.assertEqual(places(checked), [("IMP001", "src/shop/models.py", 3)])
        self.assertEqual(
            checked.findings[0].message,
            "shop.models imports shop.views, which the contract 'views are above models' forbids",
        )

    def test_an_import_along_the_layers_is_left_alone(self):
        self.write(
            {
                "pyproject.toml": CONTRACT,
                "shop/__init__.py": "",
                "shop/views.py": "from shop import models\n",
                "shop/models.py": "",
            }
        )

        checked = self.check(GATE)

        self.assertEqual(checked.findings, ())
        self.assertEqual((checked.checked, checked.unit), (1, "contracts"))

    def test_a_module_without_a_place_is_found_and_one_with_a_place_is_left_alone(self):
        self.write(
            {
                "pyproject.toml": f"{CONTRACT}exhaustive = true",
                "shop/__init__.py": "",
                "shop/views.py": "from shop import models, exports\n",
                "shop/models.py": "",
                "shop/exports.py": "",
            }
        )

        checked = self.check(GATE)

        self.assertEqual(places(checked), [("IMP002", "shop/exports.py", 0)])
        self.assertEqual(
            checked.findings[0].message,
            "shop.exports stands in no layer of the contract 'views are above models'",
        )

    def test_a_project_without_contracts_is_could_not_run(self):
        with self.assertRaisesRegex(CouldNotRun, "import-linter failed: .*lint-imports"):
            self.check(GATE)

    def test_a_broken_contract_without_an_import_is_could_not_run(self):
        done = mock.Mock(stdout="Contracts: 0 kept, 1 broken.")
        with (
            mock.patch.object(imports, "run_module", return_value=done),
            self.assertRaisesRegex(CouldNotRun, "names a broken contract and no reason"),
        ):
            self.check(GATE)
