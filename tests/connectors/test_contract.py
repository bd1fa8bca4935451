"""What holds for every kind of connector there is; a new kind adds its line to KINDS."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from wire import NOW, OPTIONS, ROWS, Server, http_source, rows_as_json

from refusing import raises, say
from targetwatch.connectors import CONNECTORS, Fetched, SourceOptions
from targetwatch.errors import SourceError
from targetwatch.model import Reading, Source
from targetwatch.wording.problems import in_english

HEADER = "indicator,period,basis,value,publisher,yoy,published_on\n"
LINES = [
    f"total-trade,{row['month'][:4]}-{row['month'][4:]},period,{row['amount']},customs,{row['growth']} %,{row['out']}\n"
    for row in ROWS
]


@dataclass
class Kind:
    """A source of one kind that gives the two readings of `wire.ROWS`, and ways to change what it gives."""

    source: Source
    give: Callable[[list[int]], None]
    spoil: Callable[[], None]
    remove: Callable[[], None]
    config_dir: Path
    changed: dict[str, Any]
    """An option that makes something else of the same rows."""

    def fetch(self, state: dict[str, str] | None = None, **options: Any) -> Fetched:
        source = Source(id=self.source.id, kind=self.source.kind, options={**self.source.options, **options})
        return CONNECTORS[source.kind](self.config_dir).fetch(source, state or {}, NOW)


def _csv_file(tmp_path: Path, server: Server) -> Kind:
    path = tmp_path / "trade.csv"

    def give(rows: list[int]) -> None:
        path.write_text(HEADER + "".join(LINES[row] for row in rows), encoding="utf-8")

    def spoil() -> None:
        path.write_text(HEADER + LINES[0].replace("581.98", '"5,8"') + LINES[1], encoding="utf-8")

    source = Source(id="customs", kind="csv_file", options={"path": "trade.csv"})
    changed = {"constants": {"quote": "a note"}}
    return Kind(source, give, spoil, path.unlink, tmp_path, changed)


def _document(tmp_path: Path, server: Server) -> Kind:
    made = _csv_file(tmp_path, server)
    column = {"period": "{period}", "published": "{published_on}", "numbers": {"decimal": "."}}
    reading = {"indicator": "total-trade", "value": "value", "unit": "bn CNY", "yoy": "yoy", **column}
    options = {"fetch": {"file": "trade.csv"}, "decode": "csv"}
    source = Source(
        id="customs", kind="document", options={**options, "pick": {"publisher": "customs", "readings": [reading]}}
    )
    changed = {"pick": {"publisher": "bureau", "readings": [reading]}}
    return Kind(source, made.give, made.spoil, made.remove, tmp_path, changed)


def _http_json(tmp_path: Path, server: Server) -> Kind:
    def answer(rows: list[dict[str, object]]) -> None:
        body = rows_as_json(rows)
        tag = f'"{len(body)}"'
        server.routes["/trade"] = lambda request: (
            request.answer(b"", status=304, Content_Type="", Content_Length="")
            if request.headers.get("If-None-Match") == tag
            else request.answer(body, ETag=tag)
        )

    def remove() -> None:
        server.routes["/trade"] = lambda request: request.answer(b"", status=404)

    return Kind(
        http_source(server.url("/trade"), headers={"X-Api-Key": "s3cret"}, params={"token": "s3cret"}),
        lambda rows: answer([ROWS[row] for row in rows]),
        lambda: answer([{**ROWS[0], "amount": "5,8"}, ROWS[1]]),
        remove,
        tmp_path,
        {"constants": {**OPTIONS["constants"], "quote": "a note"}},
    )


KINDS = {"csv_file": _csv_file, "document": _document, "http_json": _http_json}


@pytest.fixture(params=sorted(CONNECTORS))
def kind(request: pytest.FixtureRequest, tmp_path: Path, server: Server) -> Kind:
    made = KINDS[request.param](tmp_path, server)
    made.give([0, 1])
    return made


def _said(reading: Reading) -> tuple[str, str, str, str]:
    return (str(reading.value), str(reading.yoy), str(reading.published_on), str(reading.period.end))


def test_a_kind_is_registered_under_its_own_name(kind: Kind) -> None:
    connector = CONNECTORS[kind.source.kind]
    assert connector.kind == kind.source.kind
    assert issubclass(connector.Options, SourceOptions)
    assert connector.__doc__


def test_every_option_is_described(kind: Kind) -> None:
    for name, option in CONNECTORS[kind.source.kind].Options.model_fields.items():
        assert option.description, name


def test_readings_come_out_whole_recorded_now_and_in_the_name_of_their_source(kind: Kind) -> None:
    fetched = kind.fetch()
    assert [_said(reading) for reading in fetched.readings] == [
        ("581.98", "0.123", "2025-02-07", "2025-01-31"),
        ("1090.5", "-0.004", "2025-03-07", "2025-02-28"),
    ]
    assert {(one.source, one.recorded_at, one.indicator) for one in fetched.readings} == {
        ("customs", NOW, "total-trade")
    }
    assert (fetched.problems, fetched.unchanged) == ((), False)


def test_every_reading_says_where_it_stood(kind: Kind) -> None:
    fetched = kind.fetch()
    assert len(fetched.places) == len(fetched.readings)
    assert len(set(fetched.places)) == 2


def test_fetching_again_with_the_state_of_the_last_time_gives_nothing_when_nothing_changed(kind: Kind) -> None:
    first = kind.fetch()
    again = kind.fetch(dict(first.state))
    assert (again.unchanged, again.readings, dict(again.state)) == (True, (), dict(first.state))


def test_fetching_again_gives_everything_when_something_changed(kind: Kind) -> None:
    kind.give([0])
    first = kind.fetch()
    kind.give([0, 1])
    assert len(kind.fetch(dict(first.state)).readings) == 2


def test_fetching_again_gives_everything_when_an_option_changed(kind: Kind) -> None:
    first = kind.fetch()
    again = kind.fetch(dict(first.state), **kind.changed)
    assert len(again.readings) == 2
    assert again.readings != first.readings


def test_a_bad_row_is_reported_with_its_place_and_the_good_ones_are_kept(kind: Kind) -> None:
    kind.spoil()
    fetched = kind.fetch()
    assert [str(reading.value) for reading in fetched.readings] == ["1090.5"]
    (problem,) = fetched.problems
    assert "value '5,8': " in say(problem)
    assert problem.where not in {"", *fetched.places}


def test_a_source_that_is_gone_is_an_error_with_a_reason(kind: Kind) -> None:
    kind.remove()
    with raises(SourceError, match=r"nothing at this address|no file matches"):
        kind.fetch()


def test_an_unknown_option_is_refused_without_repeating_its_value(kind: Kind) -> None:
    with pytest.raises(SourceError) as refused:
        kind.fetch(pasword="s3cret")
    assert in_english(refused.value) == "source 'customs': option 'pasword': Extra inputs are not permitted"


@pytest.mark.parametrize("kind", ["csv_file", "http_json"], indirect=True)
def test_a_field_that_rows_do_not_have_is_refused_with_the_nearest_one(kind: Kind) -> None:
    with raises(SourceError, match=r"field 'publish_on': is not known; did you mean published_on\?"):
        kind.fetch(constants={"publish_on": "2025-01-01", "indicator": "a", "basis": "period", "publisher": "p"})


def test_what_is_asked_is_told_without_secrets(kind: Kind) -> None:
    asked = CONNECTORS[kind.source.kind](kind.config_dir).request(kind.source)
    assert "trade" in str(asked)
    assert "s3cret" not in f"{asked!r} {asked} {kind.fetch().request}"


def test_secrets_do_not_show_when_options_are_printed(kind: Kind) -> None:
    options = CONNECTORS[kind.source.kind].Options.model_validate(dict(kind.source.options))
    assert "s3cret" not in repr(options)


def test_every_kind_there_is_stands_in_this_test() -> None:
    assert set(KINDS) == set(CONNECTORS)


def test_listing_the_kinds_imports_no_http_library() -> None:
    program = (
        "import sys; from targetwatch.connectors import CONNECTORS; assert len(CONNECTORS) > 1; "
        "assert not {'requests', 'urllib3'} & set(sys.modules), 'imported too early'"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
