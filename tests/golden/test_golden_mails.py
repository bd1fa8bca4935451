"""Every kind of mail in both languages: subject, plain text, and what a person meets in the HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from golden_outline import outline
from golden_text import Text
from golden_world import PROJECT

from targetwatch import settings, watch
from targetwatch.mail.compose import compose, page
from targetwatch.mail.letter import Digest, Kind, Letter, News, Receiver, Said, TargetLine
from targetwatch.model import Acknowledgement, AsOf, Performance, StatusChange
from targetwatch.model.problem import Problem
from targetwatch.store import db
from targetwatch.store.runs import Run

OUTSIDE = settings.Settings(external_url="https://targets.example.org", mail_from="Targets <targets@example.org>")
DAY = date(2025, 11, 10)
AT = datetime(2025, 11, 10, 1, tzinfo=UTC)
FINANCING, ROUTES, VOLUME, COST = "cci-financing-2025", "routes-2025", "ilstc-volume-2025", "logistics-cost-2027"
THEN = Said(
    performance=Performance.ON_TRACK,
    told_on=date(2025, 8, 1),
    began_on=date(2025, 7, 1),
    data_through=date(2025, 6, 30),
    actual_value=Decimal("0.3"),
    attainment_probability=0.3,
)
KNOWN = Acknowledgement(target=ROUTES, receiver="x", by="Wang Li", note="", until=date(2025, 12, 1), at=AT)
BETWEEN = StatusChange(
    target=FINANCING, version=1, on=date(2025, 9, 1), old=None, new=Performance.AT_RISK, rule="probability"
)


class Year:
    """The real targets as of a day, told to somebody."""

    def __init__(self, world, day):
        engine = db.create_engine(f"sqlite:///{world.database}")
        with db.reading(engine) as session:
            self.snapshot = watch.take(session, AsOf.end_of(day, OUTSIDE.zone), taken_at=AT)
            self.indicators = {one.id: one for one in self.snapshot.catalogue.indicators}
            self.readings = {
                name: watch.readings_of(session, one, self.indicators) for name, one in self.indicators.items()
            }
        engine.dispose()
        self.targets = {one.id: one for one in self.snapshot.catalogue.targets}
        self.day = day

    def about(self, target):
        return {
            "target": self.targets[target],
            "indicator": self.indicators[self.targets[target].indicator],
            "verdict": self.snapshot.verdicts[target],
        }

    def news(self, target, kind=Kind.CHANGE, **more):
        return News(kind=kind, **self.about(target), **more)

    def line(self, target, **more):
        return TargetLine(**self.about(target), **more)

    def mail(self, language, *news, is_owner=True, **more):
        name = {"en": "Port and Logistics Office", "zh": "口岸物流办"}[language]
        receiver = Receiver(
            id="ilstc@example.org", name=name, email="ilstc@example.org", language=language, is_owner=is_owner
        )
        letter = Letter(
            receiver=receiver, day=self.day, news=news, message_id="<2@targets.example.org>", written_at=AT, **more
        )
        return compose(letter, settings=OUTSIDE, keys=("k" * 40,), readings=self.readings.__getitem__)


@pytest.fixture
def november(real_world):
    return Year(real_world, DAY)


def letters(year, world, language):
    """Give the mail of each kind by its name."""
    yield (
        "change",
        year.mail(
            language,
            year.news(FINANCING, told=Performance.ON_TRACK, then=THEN, between=(BETWEEN,)),
            year.news(ROUTES, acknowledged=replace(KNOWN, note="the contract is signed")),
            year.news(VOLUME, told=Performance.AT_RISK, then=replace(THEN, performance=Performance.AT_RISK)),
        ),
    )
    yield "corrected", year.mail(language, year.news(FINANCING, told=Performance.ON_TRACK, then=THEN, corrected=True))
    yield (
        "still, with a new figure",
        year.mail(
            language,
            year.news(FINANCING, Kind.STILL, then=THEN, began_on=date(2025, 9, 28)),
            in_reply_to="<1@targets.example.org>",
        ),
    )
    same = replace(THEN, data_through=date(2023, 12, 31), actual_value=Decimal("96.5"))
    yield "still, with none", year.mail(language, year.news(COST, Kind.STILL, then=same, began_on=date(2024, 6, 6)))
    yield "late", year.mail(language, year.news(COST, Kind.LATE, late_since=date(2025, 6, 9)), is_owner=False)
    run_ = Run(
        source="zones",
        started_at=AT,
        finished_at=AT,
        outcome="failed",
        reason=Problem("no_file_matches", {"folder": "readings"}),
    )
    (source,) = (one for one in year.snapshot.catalogue.sources if one.id == "zones")
    failing = News(kind=Kind.SOURCE, source=source, run=run_)
    yield "source", year.mail(language, failing, is_owner=False)
    yield "mended", year.mail(language, replace(failing, mended=True), is_owner=False)
    held = ((year.indicators["ilstc-volume"], 2), (year.indicators["cci-financing"], 1))
    yield "held", year.mail(language, News(kind=Kind.HELD, held=held), is_owner=False)
    changed = StatusChange(
        target=FINANCING, version=1, on=date(2025, 11, 5), old=Performance.AT_RISK, new=Performance.OFF_TRACK, rule="x"
    )
    digest = Digest(
        since=date(2025, 11, 3),
        changed=(year.line(FINANCING, change=changed),),
        lagging=(year.line(FINANCING), year.line(ROUTES, acknowledged=KNOWN), year.line(COST)),
        releases=((year.indicators["ilstc-volume"], date(2025, 11, 14)),),
        deadlines=(year.line(VOLUME),),
    )
    yield "digest", year.mail(language, digest=digest, is_owner=False)
    decided = Year(world, date(2026, 2, 20))
    yield "decided", decided.mail(language, decided.news("zones-2025"), decided.news(VOLUME), simulated=True)


PHONE = {"width": 375, "height": 667}
SCREENS = (PHONE, {"width": 700, "height": 900}, {"width": 900, "height": 900})


def body(mail, kind):
    return mail.get_body((kind,)).get_content()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_kind_of_mail_says_what_it_said(golden, november, real_world, language):
    text = Text()
    for name, mail in letters(november, real_world, language):
        text.add(f"{name}: headers", [f"{key}: {value}" for key, value in mail.items() if key != "Content-Type"])
        text.add(f"{name}: text", body(mail, "plain"))
        text.add(f"{name}: html", outline(body(mail, "html"))[0])
    golden(f"mails.{language}", text)


def test_every_guide_that_a_mail_leads_to_is_there(november, real_world):
    said = "".join(body(mail, "plain") for _, mail in letters(november, real_world, "en"))
    guides = set(re.findall(r"/runbooks/([\w-]+)", said))
    assert guides >= {"target-off-track", "target-at-risk", "target-missed", "release-late", "readings-held"}
    assert all((PROJECT / "docs" / "runbooks" / f"{name}.md").is_file() for name in guides), guides


@pytest.mark.parametrize("language", ["en", "zh"])
def test_html_and_plain_text_say_the_same(november, real_world, language):
    """Each line of the text stands in the HTML, addresses as what links lead to."""
    for name, mail in letters(november, real_world, language):
        html = body(mail, "html")
        shown = "".join("".join(outline(html)[0]).split())
        for line in body(mail, "plain").splitlines():
            for said in line.removeprefix("- ").strip(" -").split("https://")[:1]:
                plain = "".join(said.rstrip(":： ").split()).replace("：", ":")
                pieces = [one for one in plain.split(":") if one]
                assert all(one in shown.replace("：", ":") for one in pieces), (name, line)
            if "https://" in line:
                assert f'href="https://{line.split("https://")[1]}"' in html, (name, line)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_news_is_above_the_fold_of_a_phone_and_no_screen_is_too_narrow(
    november, real_world, language, chromium, tmp_path
):
    """On a phone status, title and sentence are seen at once; letters are 16 px, those of notes 14."""
    shown = chromium.new_page(viewport=PHONE)
    for name, mail in letters(november, real_world, language):
        file = tmp_path / "mail.html"
        file.write_text(page(mail), encoding="utf-8")
        for screen in SCREENS:
            shown.set_viewport_size(screen)
            shown.goto(file.as_uri())
            assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, screen)
            small = "[...document.querySelectorAll('td, div, span, b, a')].filter(one => one.innerText?.trim())"
            sizes = shown.evaluate(f"{small}.map(one => parseFloat(getComputedStyle(one).fontSize))")
            assert min(sizes) >= 14, (name, sizes)
        shown.set_viewport_size(PHONE)
        end = shown.evaluate(
            "(document.querySelector('h1 + div') || document.querySelector('h1')).getBoundingClientRect().bottom"
        )
        assert end < PHONE["height"] / 2, (name, end)
    shown.close()
