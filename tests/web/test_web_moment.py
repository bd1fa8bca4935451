"""Which moment and which language a request asks for."""

from __future__ import annotations

import pytest
from web_stage import Page

from targetwatch.web.render import preferred


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("2025-02-30", "“2025-02-30” is not a day. Expected a day up to 25 Nov 2026, written as 2025-03-31."),
        ("yesterday", "“yesterday” is not a day."),
        ("31.12.2025", "“31.12.2025” is not a day."),
        ("2026-11-26", "2026-11-26 lies in the future. Expected a day up to 25 Nov 2026."),
        ("0001-01-01", "0001-01-01 lies before anything is known."),
    ],
)
def test_a_bad_date_is_answered_with_a_friendly_page_and_a_way_out(client, said, words):
    for path in ("/", "/targets/ilstc-volume-2025", "/indicators/ilstc-volume"):
        answer = client.get(path, params={"as_of": said})
        assert answer.status_code == 400
        shown = Page(answer.text)
        assert words in shown.text
        assert shown.all("form")[0]["action"] == path


def test_a_bad_date_is_answered_in_chinese_to_a_chinese_reader(client):
    answer = client.get("/?as_of=2099-01-01", headers={"accept-language": "zh"})
    assert "2099-01-01尚未到来。请选择不晚于2026年11月25日的日期。" in answer.text


def test_what_a_reader_typed_as_a_date_is_shown_as_text(client):
    answer = client.get("/", params={"as_of": "<script>alert(1)</script>"})
    assert answer.status_code == 400
    assert "<script" not in answer.text


def test_today_as_a_date_is_today(page):
    assert "You are looking at the past" not in page("/?as_of=2026-11-25").text
    assert "You are looking at the past" not in page("/?as_of=").text


def test_the_recorded_clock_is_said_and_kept(page):
    shown = page("/?as_of=2026-11-25&clock=recorded")
    assert "as this installation knew it at the end of 25 Nov 2026: only what was entered here by then" in shown.text
    assert "Past: as known here on 25 Nov 2026" in page("/wall?as_of=2026-11-25&clock=recorded").text
    assert "Past: as published by 2 Oct 2025" in page("/wall?as_of=2025-10-02").text
    assert {"type": "hidden", "name": "clock", "value": "recorded"} in shown.all("input")
    inner = [link for link in shown.links if link.startswith("/targets/")]
    assert inner
    assert all(link.endswith("?as_of=2026-11-25&clock=recorded") for link in inner)


def test_the_language_of_the_address_wins_and_is_remembered(client):
    chosen = client.get("/?lang=zh", headers={"accept-language": "en"})
    assert Page(chosen.text).all("html")[0]["lang"] == "zh-Hans"
    cookie = chosen.headers["set-cookie"]
    assert cookie.startswith("targetwatch_lang=zh;")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    later = client.get("/", headers={"accept-language": "en", "cookie": "targetwatch_lang=zh"})
    assert Page(later.text).all("html")[0]["lang"] == "zh-Hans"
    back = client.get("/?lang=en", headers={"cookie": "targetwatch_lang=zh"})
    assert Page(back.text).all("html")[0]["lang"] == "en"


def test_an_unknown_language_is_not_remembered(client):
    answer = client.get("/?lang=fr")
    assert "set-cookie" not in answer.headers
    assert Page(answer.text).all("html")[0]["lang"] == "en"


def test_the_switch_of_language_stays_on_the_page_and_its_day(page):
    shown = page("/targets/routes-2025?as_of=2025-10-02&lang=en")
    assert "/targets/routes-2025?as_of=2025-10-02&lang=zh" in shown.links


def test_answers_that_depend_on_the_reader_say_so_to_caches(client):
    answer = client.get("/")
    assert answer.headers["vary"] == "Accept-Language, Cookie, Accept-Encoding"
    assert answer.headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("de-DE, zh-TW;q=0.5", "zh"),
        ("fr", "en"),
        ("", "en"),
        ("zh;q=0", "en"),
        ("zh;q=none, en;q=0.1", "en"),
        (",;,;q", "en"),
    ],
)
def test_a_browsers_first_known_language_is_used(header, language):
    assert preferred(header) == language
