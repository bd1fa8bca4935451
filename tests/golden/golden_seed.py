"""What the seeded service holds beside the real targets, brought in as people and programs bring it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from golden_visit import Visitor
from golden_world import PASSWORD, PEOPLE, TOKEN, World, frozen, run, served

from commands import Ran, in_one_file
from targetwatch.store import catalogue, db

FIRST = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
SOURCES = """
  - id: not-there
    kind: csv_file
    schedule: '12 9 * * 1-5'
    options: {path: readings/not-there.csv}
  - id: by-address
    kind: http_json
    enabled: false
    options:
      url: https://example.org/figures
      headers: {authorization: 'Bearer ${GOLDEN_SECRET}'}
      rows: data
      constants: {indicator: exports, basis: year_to_date, publisher: customs}
      fields: {period: period, value: value, published_on: day}
"""
TARGETS = """
version: 1
programmes:
  - {id: ports, title: {en: Ports, zh: 港口}}
publishers:
  - {id: port-group, title: {en: Port Group, zh: 港务集团}}
owners:
  - {id: port-group, name: {en: Port Group, zh: 港务集团}, email: port@example.org, language: zh}
indicators:
  - id: berths
    title: {en: Berths, zh: 泊位}
    measure: level
    unit: berths
    authority: port-group
    release: {every: quarter, lag: 20d, grace: 10d}
    lowest: 0
    highest: 100
  - id: throughput
    title: {en: Throughput, zh: 吞吐量}
    measure: flow
    unit: t
    unit_label: {en: tonnes, zh: 吨}
    authority: port-group
    release: {every: month, lag: 10d, grace: 5d}
    lowest: 0
  - id: permits
    title: {en: Permits, zh: 许可}
    measure: milestones
    authority: port-group
targets:
  - id: berths-2026
    indicator: berths
    programme: ports
    title: {en: Berths 2026, zh: 2026年泊位}
    short: {en: Berths, zh: 泊位}
    owner: port-group
    goal: {at_least: 40}
    start: 2026-01-01
    deadline: 2026-12-31
    plan: {waypoints: [{on: 2026-06-30, value: 35}]}
    baseline: {value: 30, period: 2025-12-31}
    announcement: {by: The mayor, on: 2026-01-10, quote: forty berths, url: https://example.org/berths}
    note: {en: Counted at the quay., zh: 按码头计。}
  - id: berths-between
    indicator: berths
    title: {en: Berths in a range, zh: 泊位区间}
    owner: port-group
    goal: {between: [32, 36]}
    start: 2026-01-01
    deadline: 2026-12-31
    announcement: {by: The mayor, on: 2026-01-10}
  - id: throughput-2026
    indicator: throughput
    programme: ports
    title: {en: Throughput 2026, zh: 2026年吞吐量}
    owner: port-group
    goal: {above: 1200000}
    start: 2026-01-01
    deadline: 2026-12-31
    plan: linear
    announcement: {by: The mayor, on: 2026-01-10}
  - id: throughput-down
    indicator: throughput
    title: {en: Throughput down a tenth, zh: 吞吐量下降一成}
    owner: port-group
    goal: {change: {by: -10%, from: baseline}}
    baseline: {value: 1000000, period: 2025}
    start: 2026-01-01
    deadline: 2026-12-31
    plan: linear
    announcement: {by: The mayor, on: 2026-01-10}
  - id: permits-2026
    indicator: permits
    title: {en: Permits 2026, zh: 2026年许可}
    owner: port-group
    goal: complete
    start: 2026-01-01
    deadline: 2026-12-31
    steps:
      - {id: land, title: {en: land, zh: 用地}, due: 2026-03-31}
      - {id: water, title: {en: water, zh: 用水}, due: 2026-06-30}
      - {id: power, title: {en: power, zh: 用电}}
    announcement: {by: The mayor, on: 2026-01-10}
  - id: given-up
    indicator: throughput
    title: {en: A target given up, zh: 已放弃的目标}
    owner: port-group
    goal: {below: 500000}
    start: 2026-01-01
    deadline: 2026-12-31
    announcement: {by: The mayor, on: 2026-01-10}
"""
MONTHS = (90_000, 180_000, 285_000, 390_000, 480_000, 590_000, 700_000, 800_000, 905_000)


def figure(indicator: str, value: str, period: str, published: str, **more: str) -> dict[str, str]:
    return {"indicator": indicator, "value": value, "period": period, "published": published, **more}


FINE = (
    *(
        figure("throughput", f"{value} t", f"2026-01..2026-{month:02}", f"2026-{month + 1:02}-09", basis="year_to_date")
        for month, value in enumerate(MONTHS, 1)
    ),
    figure("berths", "31", "2026-03-31", "2026-04-15", basis="point", evidence="https://example.org/q1"),
    figure("berths", "34", "2026-06-30", "2026-07-15", basis="point", quote="34 berths", note="said at the meeting"),
    figure("berths", "33", "2026-06-30", "2026-08-15", basis="point", note="revised", provisional="yes"),
    figure("permits", "1", "2026-03-20", "2026-03-22", basis="event", step="land"),
    figure("permits", "1", "2026-07-20", "2026-07-22", basis="event", step="water"),
)
DOUBTFUL = (
    figure("throughput", "9900000 t", "2026-01..2026-10", "2026-11-09", basis="year_to_date"),
    figure("throughput", "500000 t", "2026-01..2026-10", "2026-11-10", basis="year_to_date"),
    figure("berths", "140", "2026-09-30", "2026-10-15", basis="point"),
    figure("berths", "36", "2026-09-30", "2027-10-15", basis="point"),
    figure("berths", "36", "2026-09-30", "2026-09-15", basis="point"),
    figure("total-trade-growth", "900", "2026-01..2026-06", "2026-07-20", basis="year_to_date"),
    figure(
        "ilstc-volume",
        "17.5万标箱",
        "2026-01..2026-06",
        "2026-07-20",
        basis="year_to_date",
        yoy="90%",
        quote="共运输17.5万标箱",
    ),
    figure("ilstc-volume", "1.75万标箱", "2026-01..2026-06", "2026-07-21", basis="year_to_date", quote="17.5万标箱"),
    figure("exports", "-3 bn CNY", "2026-01..2026-03", "2026-04-20", basis="year_to_date"),
    figure("imports", "1811.5亿元", "2026-01..2026-03", "2026-04-20", basis="year_to_date", note="ten times too much"),
    figure("cci-financing", "12 bn USD", "2015-11-07..2025-12-31", "2026-02-10", basis="since_start"),
)


def enter(visitor: Visitor, entry: dict[str, str]) -> Any:
    """Post a reading as a program does."""
    return visitor.client.post("/api/v1/readings", json=entry, headers={"authorization": f"Bearer {TOKEN}"})


def seed(world: World) -> None:
    """Fill a world that holds the real targets."""
    with (world.config / "sources.yaml").open("a", encoding="utf-8") as file:
        file.write(SOURCES)
    with frozen(FIRST) as clock:

        def done(*words: str, stdin: str = "", status: int = 0) -> Ran:
            clock.shift(60)
            answer = run(world, *words, stdin=stdin)
            assert answer.status == status, (words, answer)
            return answer

        done("apply", "--reason", "two more sources")
        for name, role in PEOPLE.items():
            title = name.replace(".", " ").title()
            done("user", "add", name, "--role", role, "--title", title, "--password-stdin", stdin=f"{PASSWORD}\n")
        done("user", "add", "long.gone", "--role", "viewer", "--password-stdin", stdin=f"{PASSWORD}\n")
        done("user", "change", "long.gone", "--disable")
        done("user", "token", "issue", "an.editor", "monthly import", "--scope", "record", "--days", "90")
        done("user", "token", "issue", "an.admin", "dashboard")
        done("user", "token", "revoke", "2")
        done("ingest", "not-there", status=1)
        done("ingest", "ilstc-chongqing")
        with served(world) as app:
            _on_the_web(Visitor(app, "an.editor"), clock)
            clock.shift(60)
            with db.writing(app.state.service.engine, "web:an.editor", now=datetime.now(UTC)) as session:
                catalogue.take_over(session, "routes-2025")
            app.state.service.judge()
        done("withdraw", "46", "--reason", "typed twice")
        done("withdraw", "48", "--reason", "by mistake")
        done("withdraw", "48", "--reason", "right after all", "--undo")
        done("held", "accept", "1", "--note", "the port group confirms it")
        done("held", "reject", "2", "--note", "a slip")
        done("record", "berths", "35", "--period", "2026-09-30", "--basis", "point", "--published", "2026-10-20")
    in_one_file(world.database)


def _on_the_web(editor: Visitor, clock: Any) -> None:
    def sent(path: str, action: str, fill: dict[str, str], button: str) -> Any:
        clock.shift(60)
        answer = editor.send(path, action, fill, button)
        assert answer.status_code in {200, 303}, answer.text
        return answer

    new = "/new-target/yaml"
    looked = sent(new, new, {"YAML text": TARGETS}, "See how it would stand")
    sent(looked, new, {}, "Save this")
    for entry in (*FINE, *DOUBTFUL):
        clock.shift(60)
        answer = enter(editor, entry)
        assert answer.status_code in {200, 201, 202}, (entry, answer.text)
    edit = "/targets/throughput-2026/edit"
    easier = {"Goal": "1,100,000", "Counts from": "2026-07-01", "Reason for the change": "a quay was closed"}
    looked = sent(edit, edit, easier, "See what changes")
    sent(looked, edit, {}, "Save this")
    archive = "/targets/given-up/archive"
    sent(archive, archive, {"Reason": "nobody wants it"}, "Archive")
