import re
from typing import Any

from django.core.cache import cache
from django.test import TestCase
from ruamel.yaml import YAML

from tests.ci_templates.shipped import ROOT, TEMPLATES

FOLDER = TEMPLATES / "monitoring"


def document(name: str) -> Any:
    """Return what a file of the folder holds; tags of CloudFormation stay as they are."""
    return YAML().load(FOLDER / name)


def alerts() -> list[dict[str, Any]]:
    """Return the rules of Prometheus."""
    return [rule for group in document("alerts.yml")["groups"] for rule in group["rules"]]


class AlertTests(TestCase):
    def test_each_waits_is_graded_and_says_what_to_do(self):
        for rule in alerts():
            with self.subTest(rule["alert"]):
                self.assertRegex(rule["for"], r"^\d+m$")
                self.assertIn(rule["labels"]["severity"], ("critical", "warning"))
                self.assertEqual(set(rule["annotations"]), {"summary", "description"})

    def test_they_ask_for_what_the_health_page_says(self):
        self.addCleanup(cache.clear)
        page = self.client.get("/ht/", {"format": "openmetrics"}).content.decode()
        said = set(re.findall(r"^(\w+)\{", page, re.MULTILINE))
        checks = set(re.findall(r'check="(\w+)"', page))

        text = " ".join(rule["expr"] for rule in alerts())

        self.assertEqual(
            set(re.findall(r"django_\w+", text)),
            {"django_health_check_status", "django_health_check_response_time_seconds"} & said,
        )
        named = set(re.findall(r"\w+", " ".join(re.findall(r'check!?=~?"([^"]+)"', text))))
        self.assertEqual(named - checks, set())

    def test_each_is_tried(self):
        tried = {
            case["alertname"]
            for test in document("alerts.test.yml")["tests"]
            for case in test["alert_rule_test"]
            if case.get("exp_alerts")
        }

        self.assertEqual(tried, {rule["alert"] for rule in alerts()})

    def test_the_page_is_asked_as_they_are_written(self):
        (job,) = document("prometheus.yml")["scrape_configs"]

        self.assertEqual((job["metrics_path"], job["params"]["format"]), ("/ht/", ["openmetrics"]))
        self.assertIn(f'job="{job["job_name"]}"', alerts()[0]["expr"])


class CloudWatchTests(TestCase):
    def test_the_lines_that_they_count_are_those_of_the_app(self):
        resources = document("cloudwatch-alarms.yaml")["Resources"]
        store = (ROOT / "reference_app/common/store.py").read_text(encoding="utf-8")

        said = resources["StoreAway"]["Properties"]["FilterPattern"].strip('"')

        self.assertIn(f'"{said}"', store)

    def test_who_says_nothing_of_their_health_is_not_well(self):
        health = document("cloudwatch-alarms.yaml")["Resources"]["Health"]["Properties"]

        self.assertEqual(health["TreatMissingData"], "breaching")
