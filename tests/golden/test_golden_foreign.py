"""Configurations of other people's offices: each is valid, judged as any other, and read in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import golden_text
import pytest
from golden_world import PROJECT, World, run

CONFIGURATIONS = PROJECT / "tests" / "data" / "configurations"
DAYS = {
    "company": ("2025-01-20", "2025-04-15", "2025-07-20", "2025-10-20", "2025-12-20", "2026-01-20"),
    "emissions": ("2022-01-31", "2024-11-01", "2025-03-01", "2025-11-20"),
    "fiscal-year": ("2025-04-10", "2025-06-30", "2025-10-25", "2026-03-10", "2026-05-05"),
    "five-year-plan": ("2022-03-01", "2023-08-20", "2023-10-05", "2025-02-15", "2025-11-20", "2026-03-01"),
    "inflation": ("2025-01-20", "2025-03-20", "2025-08-25", "2025-12-20", "2026-01-25"),
    "port": ("2025-01-25", "2025-02-20", "2025-06-20", "2025-11-20", "2026-01-20"),
    "renewable-share": ("2025-02-10", "2025-03-01", "2025-07-30", "2025-12-28", "2026-02-01"),
    "rolling-year": ("2025-02-05", "2025-06-15", "2025-12-15", "2026-05-15", "2026-07-20"),
    "weekly-cases": ("2025-01-16", "2025-03-03", "2025-08-20", "2025-12-27", "2026-01-10"),
}
FIGURES = ("performance", "rule", "data_state", "next_release_due", "attainment_probability")
WORDS = ("sentence", "needed", "card", "plan", "odds", "age", "outlook", "tile_age")
SAYS_WHY = ("pace", "required_growth", "goal_met", "goal_lost")


@pytest.fixture(scope="module", params=sorted(DAYS))
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A service of one of them, its figures ingested."""
    world = World(tmp_path_factory.mktemp(request.param))
    shutil.copytree(CONFIGURATIONS / request.param, world.config)
    for words in (("db", "upgrade"), ("check",), ("apply",), ("ingest",)):
        done = run(world, *words)
        assert done.status == 0, done.err
    assert run(world, "held", "--format", "json").json == []
    return world


def verdicts(office: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each day with each verdict known on it."""
    for day in DAYS[name_of(office)]:
        yield from ((day, one) for one in run(office, "status", "--as-of", day, "--format", "json").json["targets"])


def name_of(office: World) -> str:
    return next(name for name in DAYS if office.folder.name.startswith(name))


def test_every_configuration_is_judged_on_days_of_its_own() -> None:
    assert sorted(DAYS) == sorted(path.name for path in CONFIGURATIONS.iterdir())


def test_all_that_is_said_of_it_is_what_it_was(office: World, golden: Callable[[str, golden_text.Text], None]) -> None:
    text = golden_text.Text()
    for day, one in verdicts(office):
        said = [f"{name}: {one[name]}" for name in FIGURES if one[name] is not None]
        said += [f"{name}.{lang}: {one[name][lang]}" for name in WORDS for lang in ("en", "zh") if one[name][lang]]
        said += [f"note.{lang}: {note[lang]}" for note in one["notes"] for lang in ("en", "zh")]
        text.add(f"{one['target']} on {day}", said)
    golden(f"foreign.{name_of(office)}", text)


def test_it_has_odds_or_says_what_it_goes_by(office: World) -> None:
    for day, one in verdicts(office):
        if one["performance"] in {"on_track", "at_risk", "off_track"}:
            assert one["attainment_probability"] is not None or one["rule"] in SAYS_WHY, (day, one["target"])
