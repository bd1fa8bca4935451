"""The service over the real figures on a day of 2025, and forms read from a page and sent back as a browser would."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import requests
from web_stage import Browser, Page, Stage, judged

from commands import in_one_file
from markup import Markup
from targetwatch import watch
from targetwatch.evaluation import timeline
from targetwatch.model import AsOf, Target
from targetwatch.store import catalogue, db
from targetwatch.store.catalogue import Kept

TEU = "ilstc-volume-2025"
ROUTES = "routes-2025"
TODAY = date(2025, 7, 20)


class Form(Markup):
    """The fields of the form on a page that sends to `action`, with what stands in them."""

    def __init__(self, source: str, action: str) -> None:
        self.values: dict[str, str] = {}
        self.buttons: list[str] = []
        self._action, self._inside, self._area, self._select = action, False, "", ""
        self._is_first = False
        self.feed(source)

    def start(self, tag: str, said: dict[str, str]) -> None:
        name = said.get("name") or ""
        if tag == "form":
            self._inside = said.get("action") == self._action
        elif not self._inside:
            return
        elif tag == "input" and name and (said.get("type") not in {"checkbox", "radio"} or "checked" in said):
            self.values[name] = said.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "select":
            self._select, self._is_first = name, True
            self.values[name] = ""
        elif tag == "option":
            if self._is_first or "selected" in said:
                self.values[self._select] = said.get("value") or ""
            self._is_first = False
        elif tag == "button":
            self.buttons.append(said.get("value") or "")

    def end(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = ""
        if tag == "form":
            self._inside = False

    def data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


class Desk:
    """Somebody with a target's form."""

    def __init__(self, browser: Browser, target: str = TEU, language: str = "en") -> None:
        self.browser, self.path, self.language = browser, f"/targets/{target}/edit", language

    def open(self) -> dict[str, str]:
        """Return what stands in the form."""
        return self.read(self.get(self.path))

    def get(self, path: str) -> requests.Response:
        answer = self.browser.get(path, headers={"accept-language": self.language})
        assert answer.status_code == 200, answer.text
        return answer

    def read(self, answer: requests.Response) -> dict[str, str]:
        """Return what stands in the form of a page."""
        values = Form(answer.text, self.path).values
        values.pop("csrf")
        return values

    def send(self, values: Mapping[str, str], do: str = "preview", **changes: str) -> requests.Response:
        """Press a button of the form, some fields filled in otherwise; title__en is the field "title.en"."""
        said = {name.replace("__", "."): text for name, text in changes.items()}
        return self.browser.post(self.path, {**values, **said, "do": do}, headers={"accept-language": self.language})

    def save(self, **changes: str) -> requests.Response:
        """Fill in, look, and save from the look."""
        looked = self.send(self.open(), **changes)
        assert looked.status_code == 200, Page(looked.text).text
        return self.send(self.read(looked), "save")


def errors(answer: requests.Response) -> dict[str, str]:
    """Return what a page says beside its fields, by field."""
    found: dict[str, str] = {}

    class Reader(Markup):
        name = ""

        def start(self, tag: str, said: dict[str, str]) -> None:
            if tag == "small" and said.get("class") == "wrong":
                self.name = said["id"].removesuffix("-error")
                found[self.name] = ""

        def end(self, tag: str) -> None:
            if tag == "small":
                self.name = ""

        def data(self, data: str) -> None:
            if self.name:
                found[self.name] = (found[self.name] + data).strip()

    Reader().feed(answer.text)
    return found


@contextmanager
def edit_stage(
    folder: Path, real_file: Path, *, today: date = TODAY, taken: tuple[str, ...] = (TEU, ROUTES)
) -> Iterator[Stage]:
    """Give a service on a copy of the real figures in which the web manages some targets."""
    prepared = _taken_over(real_file, taken)
    file = folder / "edited.db"
    shutil.copy(prepared, file)
    stage = Stage(file, today, watch=judged(prepared, today))
    stage.refresh()
    try:
        yield stage
    finally:
        stage.close()


@cache
def _taken_over(real_file: Path, taken: tuple[str, ...]) -> Path:
    file = real_file.with_name(f"taken over {' '.join(taken)}.db")
    shutil.copy(real_file, file)
    engine = db.create_engine(f"sqlite:///{file}")
    with db.writing(engine, "test", now=datetime.now(UTC)) as session:
        for name in taken:
            catalogue.take_over(session, name)
    engine.dispose()
    return in_one_file(file)


def kept(stage: Stage, target: str = TEU) -> Kept:
    """Return a target as it is kept."""
    with db.reading(stage.engine) as session:
        found = catalogue.find(session, target)
    assert found is not None
    return found


def promised(stage: Stage, target: str = TEU) -> Target:
    """Return a target with its versions."""
    return kept(stage, target).target


def keep_history(stage: Stage, target: str = TEU) -> None:
    """Keep the statuses said of a target up to the stage's day, as the running service does."""
    current = stage.refresh()
    found = next(one for one in current.catalogue.targets if one.id == target)
    indicator = next(one for one in current.catalogue.indicators if one.id == found.indicator)
    as_of = AsOf.end_of(stage.today, stage.settings.zone)
    with db.reading(stage.engine) as session:
        readings = watch.readings_of(session, indicator, {one.id: one for one in current.catalogue.indicators})
    with db.writing(stage.engine, "service", now=datetime.now(UTC)) as session:
        watch.keep(session, timeline(found, indicator, readings, as_of))
