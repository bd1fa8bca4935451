"""A past day: judged once for everybody, by the side of what is served, within limits."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from in_process import HERE, session
from real_service import CONFIG, prepare
from targetwatch import watch
from targetwatch.model import AsOf, Clock
from targetwatch.service import app as service_app
from targetwatch.service import past_days
from targetwatch.settings import Settings
from targetwatch.store import db
from targetwatch.web import running
from targetwatch.web.running import PastTooLargeError

DAY = date(2025, 10, 2)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("past") / "targetwatch.db"
    prepare(file).dispose()
    return file


@pytest.fixture
def app(prepared: Path, tmp_path: Path) -> service_app.App:
    file = Path(shutil.copy(prepared, tmp_path))
    made = service_app.build(Settings(database_url=f"sqlite:///{file}", config_dir=CONFIG))
    made.refresh()
    return made


def test_a_day_that_takes_long_is_told_to_be_asked_for_again_and_judged_once_for_everybody(app, monkeypatch):
    monkeypatch.setattr(running, "PAST_WITHIN_SECONDS", 0.01)
    judged, go_on, judges = [], threading.Event(), app.web.state.service.past

    def slowly(as_of):
        judged.append(as_of.day)
        go_on.wait(60)
        return judges(as_of)

    app.web.state.service.past = slowly
    ask = session(app.web)
    for _ in range(3):
        page = ask.get(f"{HERE}/?as_of={DAY}", headers={"accept-language": "en", "accept": "text/html"})
        assert (page.status_code, page.headers["retry-after"]) == (503, "2")
        assert "This day is being judged" in page.text
        assert '<meta http-equiv="refresh" content="3">' in page.text
    told = ask.get(f"{HERE}/api/v1/targets?as_of={DAY}")
    assert (told.status_code, told.headers["retry-after"]) == (503, "2")
    assert told.headers["content-type"] == "application/problem+json"
    for number in range(1, 20):  # more than may wait
        assert ask.get(f"{HERE}/?as_of=2025-09-{number:02}").status_code == 503
    assert ask.get(f"{HERE}/").status_code == 200
    assert judged == [DAY]
    go_on.set()
    monkeypatch.setattr(running, "PAST_WITHIN_SECONDS", 60)
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: ask.get(f"{HERE}/api/v1/targets?as_of={DAY}").status_code, range(4)))
    assert answers == [200] * 4
    assert judged.count(DAY) == 1
    assert len(set(judged)) <= running.PASTS_WAITING
    app.refresh()
    assert ask.get(f"{HERE}/?as_of={DAY}").status_code == 200
    assert judged.count(DAY) == 1  # nothing more was read since


def test_what_went_wrong_with_a_day_is_tried_again(app):
    service, judges = app.web.state.service, app.web.state.service.past
    service.past = lambda _: 1 / 0
    ask = session(app.web)
    assert ask.get(f"{HERE}/?as_of={DAY}").status_code == 500
    service.past = judges
    assert ask.get(f"{HERE}/?as_of={DAY}").status_code == 200


@pytest.mark.parametrize(("clock", "day"), [(Clock.PUBLISHED, DAY), (Clock.RECORDED, datetime.now(UTC).date())])
def test_many_targets_are_judged_in_a_process_of_their_own_to_the_same_verdicts(app, monkeypatch, clock, day):
    as_of = replace(AsOf.end_of(day, app.settings.zone), clock=clock)
    with db.reading(app.engine) as one:
        here = watch.take(one, as_of, taken_at=datetime.now(UTC))
    monkeypatch.setattr(service_app, "TARGETS_HERE", 1)
    monkeypatch.setattr(past_days, "AT_ONCE", 3)
    apart = app.past(as_of)
    assert here.verdicts
    assert replace(apart, taken_at=here.taken_at) == here
    assert (apart.catalogue is app.holder.current.catalogue) == (clock is Clock.PUBLISHED)


def test_a_day_that_takes_more_memory_than_it_may_is_given_up(app, monkeypatch):
    monkeypatch.setattr(service_app, "TARGETS_HERE", 1)
    app.settings = app.settings.model_copy(update={"past_megabytes": 1})
    with pytest.raises(PastTooLargeError):
        app.past(AsOf.end_of(DAY, app.settings.zone))
    answer = session(app.web).get(f"{HERE}/?as_of={DAY}", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert "This day could not be judged" in answer.text
