"""Alerts and dashboards ask for what the code really tells, and each alert has a page."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy" / "k8s" / "components" / "monitoring"
DASHBOARDS = sorted((MONITORING / "dashboards").glob("*.json"))
KINDS = {"Counter": "", "Gauge": "", "Histogram": "_bucket"}
FROM_OUTSIDE = {  # Prometheus itself and kube-state-metrics
    "up": {"job"},
    "kube_cronjob_status_last_successful_time": {"cronjob"},
}
OF_THE_TARGET = {"namespace", "pod", "job", "le"}
WORD = re.compile(r"[a-z_][a-z0-9_]*")


@cache
def told() -> dict[str, frozenset[str]]:
    """Every metric that the code defines, by the name that Prometheus knows, with its labels."""
    found = {name: frozenset(labels) for name, labels in FROM_OUTSIDE.items()}
    for package in ("chassis", "services", "gateway"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    found |= metric_of(node)
    return found


def metric_of(call: ast.Call) -> dict[str, frozenset[str]]:
    """What a call of prometheus_client's classes defines."""
    assert isinstance(call.func, ast.Name)
    named = call.args and isinstance(call.args[0], ast.Constant)
    if call.func.id not in KINDS or not named:
        return {}
    name, labels = ast.literal_eval(call.args[0]), []
    if not str(name).startswith("jejaring_"):
        return {}
    if len(call.args) > 2:
        labels = ast.literal_eval(call.args[2])
    return {f"{name}{KINDS[call.func.id]}": frozenset(labels)}


def rules() -> list[dict[str, Any]]:
    """All alerts."""
    groups = yaml.safe_load((MONITORING / "rules.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> Iterator[tuple[str, str]]:
    """Where each expression of a dashboard stands, and the expression."""
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target["expr"]


EXPRESSIONS = [*((rule["alert"], rule["expr"]) for rule in rules()), *panels()]


def selectors(expression: Any) -> Iterator[Any]:
    """Every vector selector in a parsed expression."""
    if type(expression).__name__ == "VectorSelector":
        yield expression
    for name in ("expr", "lhs", "rhs", "vector_selector"):
        if hasattr(expression, name):
            yield from selectors(getattr(expression, name))
    for one in getattr(getattr(expression, "args", None), "__iter__", lambda: ())():
        yield from selectors(one)


def grouped(text: str) -> set[str]:
    """The labels after `by`."""
    return {name for inside in re.findall(r"by \(([^)]*)\)", text) for name in WORD.findall(inside)}


@pytest.mark.parametrize(("where", "text"), EXPRESSIONS, ids=[where for where, _ in EXPRESSIONS])
def test_every_expression_is_well_formed_and_asks_for_what_is_told(where: str, text: str):
    found = list(selectors(promql_parser.parse(text)))

    assert found, where
    known = {name for one in found for name in told()[one.name]}
    asked = {matcher.name for one in found for matcher in one.matchers.matchers}
    assert (asked | grouped(text)) - known - OF_THE_TARGET == set()


def test_everything_that_is_told_is_looked_at():
    asked = {s.name for _, text in EXPRESSIONS for s in selectors(promql_parser.parse(text))}

    assert set(told()) == asked


def test_the_operators_copy_of_the_rules_is_the_same():
    plain = yaml.safe_load((MONITORING / "rules.yaml").read_text())
    wrapped = yaml.safe_load((MONITORING / "alerts.yaml").read_text())

    assert wrapped["kind"] == "PrometheusRule"
    assert wrapped["spec"] == plain


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_every_alert_names_a_page_and_says_it_in_both_languages(rule: dict[str, Any]):
    notes = rule["annotations"]

    assert (ROOT / notes["runbook"]).is_file()
    assert notes["runbook"].startswith("docs/runbooks/")
    assert notes["summary"] != notes["ringkasan"]
    assert rule["labels"]["severity"] in ("warning", "critical")
    assert promql_parser.parse_duration(rule.get("for", "1s")).total_seconds() > 0


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_what_an_alert_says_of_its_labels_is_known_to_it(rule: dict[str, Any]):
    words = " ".join(rule["annotations"].values())
    used = set(re.findall(r"\$labels\.(\w+)", words))

    assert used - grouped(rule["expr"]) - OF_THE_TARGET == set()


def test_every_alert_has_its_own_name():
    names = [rule["alert"] for rule in rules()]

    assert len(names) == len(set(names)) > 10


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_can_be_loaded_beside_the_others(path: Path):
    board = json.loads(path.read_text())

    assert board["uid"] == f"jejaring-{path.stem}"
    assert {one["name"] for one in board["templating"]["list"]} == {"datasource", "namespace"}
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in board["panels"]]
    assert len(set(places)) == len(places)


def test_a_metric_that_nobody_tells_would_be_noticed():
    with pytest.raises(KeyError):
        test_every_expression_is_well_formed_and_asks_for_what_is_told("x", "jejaring_no_such > 0")
    with pytest.raises(ValueError, match="parenthesis"):
        test_every_expression_is_well_formed_and_asks_for_what_is_told("x", "sum by (")
