"""What `check` makes of whole folders."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from config_examples import SOURCES, TARGETS

from refusing import raises
from targetwatch.configuration import check
from targetwatch.errors import ConfigError
from targetwatch.model import (
    Baseline,
    Derivation,
    Derived,
    Goal,
    GoalChange,
    Measure,
    Owner,
    Period,
    Plan,
    PlanShape,
    Release,
    Source,
    Text,
)


def changed(*pairs, text=TARGETS):
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_a_valid_folder_becomes_the_catalogue_it_describes(write):
    catalogue = check(write())
    (indicator,), (target,), (source,) = catalogue.indicators, catalogue.targets, catalogue.sources
    assert indicator.release == Release(every="quarter", lag=31, grace=14, calendar="CN")
    assert (indicator.measure, indicator.unit, indicator.authority) == (Measure.FLOW, "TEU", "office")
    assert target.owner == Owner(id="port-office", name=Text(en="Port Office"), email="office@example.org")
    assert target.short == target.title == Text("Volume 2025", "2025年运量")
    (version,) = target.versions
    assert version.goal == Goal(above=Decimal(270000))
    assert version.baseline == Baseline(value=Decimal(251800), period=Period(date(2024, 1, 1), date(2024, 12, 31)))
    assert (version.effective, version.start, version.deadline) == (
        date(2025, 2, 7),
        date(2025, 1, 1),
        date(2025, 12, 31),
    )
    assert version.plan == Plan(shape=PlanShape.SEASONAL)
    assert source == Source(id="published", kind="csv_file", schedule="0 9 * * *", options={"path": "readings/*.csv"})


def test_the_sources_file_may_be_missing_and_the_targets_file_may_not(write, tmp_path):
    assert check(write(sources=None)).sources == ()
    empty = tmp_path / "empty"
    empty.mkdir()
    with raises(ConfigError, match=r"targets\.yaml: there is no such file, expected the targets in it"):
        check(empty)
    with raises(ConfigError, match=r"nowhere: is not a directory, expected one that holds targets\.yaml"):
        check(tmp_path / "nowhere")


def test_a_file_under_a_name_that_is_not_read_is_a_problem(write):
    folder = write()
    (folder / "sources.yml").write_text(SOURCES)
    with raises(ConfigError, match=r"sources\.yml: is not read under this name, rename it to sources\.yaml"):
        check(folder)


def test_problems_of_both_files_come_together_in_order(refusal):
    said = refusal(
        changed(("above: 270000", "above: many"), ("quarter", "quartr")), changed(("csv_file", "ftp"), text=SOURCES)
    )
    assert [sentence.split(": ")[0] for sentence in said] == ["sources.yaml:4", "targets.yaml:12", "targets.yaml:18"]


def test_what_can_be_read_of_a_wrong_target_is_still_checked(refusal):
    said = refusal(changed(("office@example.org", "office"), ("2025-12-31", "2024-12-31"), ("goal", "gaol")))
    assert [sentence.split(", ", 1)[1].split(":")[0] for sentence in said] == [
        "goal",
        "gaol",
        "deadline",
        "owner.email",
    ]


def test_a_reference_to_an_entry_with_another_fault_is_no_fault_itself(refusal):
    (said,) = refusal(changed(("measure: flow", "measure: flows")))
    assert said == "targets.yaml:9: indicator 'volume', measure: 'flows' is not known, did you mean flow?"


def test_words_that_yaml_1_1_takes_for_something_else_stay_words(write):
    catalogue = check(
        write(changed(("by: The deputy director", "by: on, source: no"), ("calendar: CN", "calendar: NO")))
    )
    said = catalogue.targets[0].versions[0].announcement
    assert (said.by.en, said.source.en, catalogue.indicators[0].release.calendar) == ("on", "no", "NO")


def test_a_number_is_taken_exactly_as_it_is_written(write):
    catalogue = check(write(changed(("270000", "270000.10000000000000000001"))))
    assert catalogue.targets[0].versions[0].goal.value == Decimal("270000.10000000000000000001")


@pytest.mark.parametrize(
    ("written", "goal"),
    [
        ("{at_least: 1.0}", Goal(at_least=Decimal(1))),
        ("{below: 5}", Goal(below=Decimal(5))),
        ("{at_most: -5}", Goal(at_most=Decimal(-5))),
        ("{between: [1, 2.5]}", Goal(between=(Decimal(1), Decimal("2.5")))),
        ("{change: {by: -60%, from: baseline}}", Goal(change=GoalChange(by=Decimal("-0.6")))),
        ("{change: {by: +100%}}", Goal(change=GoalChange(by=Decimal(1)))),
    ],
)
def test_every_comparator_has_its_goal(written, goal, write):
    catalogue = check(write(changed(("{above: 270000}", written))))
    assert catalogue.targets[0].versions[0].goal == goal


def test_a_change_without_a_baseline_is_legal_once_a_note_explains_it(write, refusal):
    text = changed(("{above: 270000}", "{change: {by: -60%}}"), ("    baseline: {value: 251800, period: 2024}\n", ""))
    (said,) = refusal(text)
    assert "goal.change: is relative to a baseline and there is none" in said
    catalogue = check(write(text + "    note: no baseline is published\n"))
    assert catalogue.targets[0].versions[0].baseline is None


def test_a_later_version_keeps_what_it_does_not_say_and_can_take_a_term_away(write):
    text = TARGETS + (
        "    versions:\n"
        "      - {effective: 2025-07-01, goal: {above: 300000}, reason: more,"
        " announcement: {by: The mayor, on: 2025-06-30}}\n"
        "      - {effective: 2025-09-01, deadline: 2026-03-31, baseline: , reason: later,"
        " announcement: {by: The mayor, on: 2025-08-30}}\n"
    )
    first, second, third = check(write(text)).targets[0].versions
    assert [v.number for v in (first, second, third)] == [1, 2, 3]
    assert second.goal.value == third.goal.value == Decimal(300000)
    assert (first.baseline, first.plan, first.deadline) == (second.baseline, second.plan, second.deadline)
    assert (third.baseline, third.deadline, third.reason) == (None, date(2026, 3, 31), "later")


def test_a_version_is_told_only_of_what_it_says_itself(refusal):
    text = changed(("2025-12-31", "2024-12-31")) + (
        "    versions:\n      - {effective: 2025-07-01, goal: {above: 300000}, reason: more,"
        " announcement: {by: The mayor, on: 2025-06-30}}\n"
    )
    (said,) = refusal(text)
    assert "target 'volume-2025', deadline: 2024-12-31 is before the start" in said


def test_a_derived_indicator_takes_what_it_does_not_say_from_its_rule(write):
    derived = (
        "derived:\n"
        "  - {id: twice, growth_of: annual}\n"
        "  - {id: annual, annual_total_of: volume}\n"
        "  - {id: rate, ratio: [volume, annual], unit: '%'}\n"
    )
    made = {indicator.id: indicator for indicator in check(write(TARGETS + derived)).indicators}
    annual = made["annual"]
    assert annual.derivation == Derivation(kind=Derived.ANNUAL_TOTAL, of=("volume",))
    assert (annual.unit, annual.authority, annual.measure) == ("TEU", "office", Measure.LEVEL)
    assert annual.release == Release(every="year", lag=31, grace=14, calendar="CN")
    assert annual.title == Text("Volume, calendar-year total", "运量（全年合计）")
    assert (made["twice"].unit, made["twice"].release) == ("%", annual.release)
    assert made["rate"].derivation == Derivation(kind=Derived.RATIO, of=("volume", "annual"))


def test_owners_may_be_written_once_and_named_by_their_id(write):
    text = changed(
        ("owner: {name: Port Office, email: office@example.org}", "owner: port"),
        (
            "indicators:",
            "owners:\n  - {id: port, name: {en: Port, zh: 口岸}, email: p@example.org, language: zh}\nindicators:",
        ),
    )
    owner = check(write(text)).targets[0].owner
    assert owner == Owner(id="port", name=Text("Port", "口岸"), email="p@example.org", language="zh")


def test_an_option_with_a_variable_is_not_judged_while_nobody_knows_what_it_stands_for(write, refusal):
    sources = (
        "version: 1\nsources:\n  - id: board\n    kind: http_json\n    options:\n"
        "      url: '${FIGURES_URL}'\n"
        "      fields: {indicator: i, period: p, basis: b, value: v, publisher: w}\n"
    )
    assert check(write(sources=sources)).sources[0].options["url"] == "${FIGURES_URL}"
    (unset,) = refusal(sources=sources, environment={})
    assert "options.url: ${FIGURES_URL} is not set" in unset
    (wrong,) = refusal(sources=sources, environment={"FIGURES_URL": "hunter2"})
    assert "options.url" in wrong
    assert "hunter2" not in wrong
    assert check(write(sources=sources), environment={"FIGURES_URL": "https://example.org/x"}).sources


@pytest.mark.slow
@pytest.mark.timeout(30)
def test_two_thousand_targets_are_checked_in_reasonable_time(write):
    head, entry = TARGETS.split("  - id: volume-2025\n")
    text = head + "".join(f"  - id: volume-{number}\n{entry}" for number in range(2_000))
    assert len(check(write(text)).targets) == 2_000


DOCUMENT = """version: 1
sources:
  - id: office
    kind: document
    fetch: {file: figures.csv}
    decode: csv
    pick:
      period: "{Month}"
      readings:
        - {indicator: volume, value: Total, unit: %s}
        - {indicator: {column: Port, map: {A: %s}}, value: Total}
"""


@pytest.mark.parametrize(
    ("unit", "indicator", "said"),
    [
        ("thousand TEU", "volume", []),
        ("万标箱", "volume", []),
        ("tonnes", "volume", ["sources.yaml:10"]),
        ("TEU", "volumes", ["sources.yaml:11"]),
    ],
)
def test_a_unit_of_a_document_converts_to_that_of_its_indicator_which_is_there(write, refusal, unit, indicator, said):
    sources = DOCUMENT % (unit, indicator)
    if not said:
        assert check(write(sources=sources)).sources
        return
    found = refusal(sources=sources)
    assert [sentence.split(": ")[0] for sentence in found] == said


def test_a_description_names_publishers_and_measured_indicators_that_are_there(write, refusal):
    targets = TARGETS + "derived:\n  - {id: yearly, annual_total_of: volume}\n"
    sources = (DOCUMENT % ("TEU", "yearly")).replace("    pick:\n", "    pick:\n      publisher: nobody\n")
    publisher, indicator = refusal(targets, sources)
    assert publisher.endswith("pick.publisher: no publisher 'nobody', expected one of: office")
    assert indicator.endswith("readings[2].indicator: yearly is computed from others, expected one that is measured")
