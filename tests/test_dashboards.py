"""The dashboards: what is committed is what the generator makes, and every panel can be read and queried."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from grafana.generator.files import FOLDER, dashboards
from grafana.generator.parts import WALL_TEXT_PX
from grafana.generator.words import LANGUAGES, STATUSES
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as models

from targetwatch.evaluation.status import URGENCY
from targetwatch.metrics import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator

WALLS = {"wall": 1080, "wall-4k": 2160}
"""The height of the screen each is made for."""
RULES = FOLDER.parent / "rules" / "recording.yaml"
FILES = sorted(FOLDER.glob("*/*.json"))
OF_OTHERS = {
    "ALERTS": "Prometheus's own",
    "scrape_duration_seconds": "Prometheus's own",
    "scrape_samples_scraped": "Prometheus's own",
}
NAMES_IN_PROMQL = re.compile(r"(?<![$\w\"])((?:targetwatch[_:]|scrape_)[a-z_:]+|ALERTS)(?![\w(])")


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def queries(board: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield where a query stands and the query, variables filled in."""
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield (
                f"{panel['title'] or panel['description']} ({target['refId']})",
                target["expr"].replace("$target", "some-target").replace("$job", "targetwatch"),
            )
    for mark in board["annotations"]["list"]:
        yield mark["name"], mark["expr"].replace("$target", "some-target")


def test_the_committed_files_are_what_the_generator_makes() -> None:
    made = dashboards()
    assert {path.relative_to(FOLDER) for path in FILES} == set(made)
    for path, text in made.items():
        assert (FOLDER / path).read_text(encoding="utf-8") == text, f"{path}: run python -m grafana.generator"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_panel_has_a_title_a_unit_a_word_for_no_data_and_a_place_of_its_own(path: Path) -> None:
    board = read(path)
    panels = board["panels"]
    assert sorted(panel["id"] for panel in panels) == list(range(1, len(panels) + 1))
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        defaults, where = panel["fieldConfig"]["defaults"], panel["gridPos"]
        # a title is drawn 14 px high, so on the wall the panel says what it is in its description alone
        assert bool(panel["title"]) is (path.stem not in WALLS), panel["id"]
        assert panel["title"] or panel["description"]
        assert defaults["unit"], panel["title"]
        assert defaults["noValue"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"
        cells = {
            (x, y)
            for x in range(where["x"], where["x"] + where["w"])
            for y in range(where["y"], where["y"] + where["h"])
        }
        assert where["x"] + where["w"] <= 24
        assert not taken & cells, f"{panel['title']} overlaps"
        taken |= cells
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_is_the_classic_schema_that_grafana_10_to_13_load(path: Path) -> None:
    board = read(path)
    assert "panels" in board
    assert "elements" not in board
    assert board["schemaVersion"] >= 36
    assert board["uid"] == f"targetwatch-{path.stem}-{path.parent.name}"
    assert {panel["type"] for panel in board["panels"]} <= {"stat", "bargauge", "timeseries", "state-timeline"}


@pytest.mark.parametrize(("name", "pixels"), WALLS.items())
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_on_a_wall_is_smaller_than_what_is_read_from_five_metres(language: str, name: str, pixels: int) -> None:
    """Text has a size of its own, no panel a title (14 px), and no value a unit (which Grafana draws smaller)."""
    board = read(FOLDER / language / f"{name}.json")
    smallest = WALL_TEXT_PX * pixels // 1080
    for panel in board["panels"]:
        text = panel["options"]["text"]
        assert min(text["valueSize"], text["titleSize"]) >= smallest >= 36
        assert panel["fieldConfig"]["defaults"]["unit"] == "none" or panel["type"] == "bargauge"
        assert panel["options"].get("graphMode", "none") == "none"


@pytest.mark.parametrize(("name", "pixels"), WALLS.items())
@pytest.mark.parametrize("language", LANGUAGES)
def test_ten_rows_of_two_lines_fit_and_fill_the_screen(language: str, name: str, pixels: int) -> None:
    """As Grafana lays cells out: a grid unit is 30 px and 8 between, a panel keeps 8 px and a stat cell 3 px free."""
    board = read(FOLDER / language / f"{name}.json")
    bottom = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in board["panels"]) * 38
    assert 0.97 * pixels < bottom <= pixels
    columns = [panel for panel in board["panels"] if panel["gridPos"]["h"] > 10]
    assert len(columns) == 3
    assert len({(panel["gridPos"]["y"], panel["gridPos"]["h"]) for panel in columns}) == 1
    height = columns[0]["gridPos"]["h"] * 38 - 8 - 2 * 8
    assert (height - 9 * 3) / 10 >= 2 * WALL_TEXT_PX * pixels / 1080 * 1.15
    assert all(panel["options"]["orientation"] == "horizontal" for panel in columns)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_data_source_job_and_service_are_chosen_at_the_top_and_every_query_asks_the_job(path: Path) -> None:
    board = read(path)
    chosen = {one["name"]: one for one in board["templating"]["list"]}
    assert {"datasource", "job", "service"} <= set(chosen)
    assert chosen["datasource"]["type"] == "datasource"
    for where, expr in queries(board):
        if re.search(r"targetwatch[_:]", re.sub(r'"[^"]*"', "", expr)):
            assert len(re.findall(r"targetwatch[_:][a-z_:]+(?=\{job=)", expr)) == len(
                re.findall(r"targetwatch[_:][a-z_:]+", re.sub(r'"[^"]*"', '""', expr))
            ), where


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_target_is_chosen_by_its_title(language: str) -> None:
    """Grafana reads value and text out of each series as Prometheus writes it, labels by name."""
    board = read(FOLDER / language / "target.json")
    (chosen,) = [one for one in board["templating"]["list"] if one["name"] == "target"]
    pattern = re.compile(chosen["regex"].strip("/").replace("(?<", "(?P<"))
    series = 'targetwatch:target:tile{job="t",owner="o",target="a-1",title_en="First title",title_zh="名称"} 7.5 1'
    found = pattern.search(series)
    assert found
    assert found.groupdict() == {"value": "a-1", "text": {"en": "First title", "zh": "名称"}[language]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_service_that_says_nothing_is_green_nowhere(path: Path) -> None:
    """Grafana colours a missing value as it colours the lowest."""
    for panel in read(path)["panels"]:
        lowest = panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", [{}])[0]
        assert lowest.get("color") != "#009E73", panel["title"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_models_of_the_sdk_read_a_dashboard_and_write_it_as_it_is(path: Path) -> None:
    board = read(path)
    again = json.loads(json.dumps(models.Dashboard.from_json(board), cls=JSONEncoder))
    assert again == board


def test_both_languages_show_the_same_panels() -> None:
    for name in ("wall", "wall-4k", "target", "operations"):
        english, chinese = (read(FOLDER / language / f"{name}.json") for language in LANGUAGES)
        assert [panel["type"] for panel in english["panels"]] == [panel["type"] for panel in chinese["panels"]]
        assert [panel["gridPos"] for panel in english["panels"]] == [panel["gridPos"] for panel in chinese["panels"]]
        for panel in chinese["panels"]:
            assert re.search(r"[一-鿿]", panel["title"] or panel["description"]), panel["id"]


@pytest.mark.system
def test_promtool_parses_every_query(tmp_path: Path) -> None:
    asked = {expr: where for path in FILES for where, expr in queries(read(path))}
    rules = [{"record": f"query:{number}", "expr": expr} for number, expr in enumerate(asked)]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), encoding="utf-8")
    checked = subprocess.run(["promtool", "check", "rules", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{len(asked)} rules found" in checked.stdout


def test_every_metric_in_a_query_is_in_the_catalogue() -> None:
    known = {metric.name for metric in CATALOGUE} | set(OF_OTHERS)
    known |= {f"{metric.name}_bucket" for metric in CATALOGUE if metric.kind == "histogram"}
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    known |= {rule["record"] for group in groups for rule in group["rules"]}
    for path in FILES:
        for where, expr in queries(read(path)):
            named = set(NAMES_IN_PROMQL.findall(re.sub(r'"[^"]*"', '""', expr)))
            assert named, where
            assert named <= known, f"{path.stem}: {where}: {named - known}"


def test_the_provisioned_data_source_is_the_one_the_panels_ask() -> None:
    sources = yaml.safe_load((FOLDER.parent / "provisioning/datasources/prometheus.yaml").read_text(encoding="utf-8"))
    assert [source["uid"] for source in sources["datasources"]] == ["targetwatch-prometheus"]
    providers = yaml.safe_load((FOLDER.parent / "provisioning/dashboards/targetwatch.yaml").read_text(encoding="utf-8"))
    assert {provider["options"]["path"].rsplit("/", 1)[1] for provider in providers["providers"]} == set(LANGUAGES)


def test_statuses_stand_in_the_order_of_urgency_that_the_walls_have():
    assert [status for status, *_ in STATUSES] == [one.value for one in URGENCY]
