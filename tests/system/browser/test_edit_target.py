"""Changing a promise, making a new one: what a page does where it is typed into."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from targetwatch.model import Role
from targetwatch.store import catalogue, db


def take_over(site, *names):
    with db.writing(site.app.engine, "test", now=datetime.now(UTC)) as session:
        for name in names:
            catalogue.take_over(session, name)
    site.app.refresh()


def button(seat, words):
    return seat.page.get_by_role("button", name=words, exact=True).locator("visible=true").first


def test_a_new_target_is_made_from_a_template(sit):
    seat = sit(size="phone", role=Role.EDITOR)
    seat.go("/")
    seat.click(seat.page.get_by_role("link", name="New target", exact=True))
    seat.page.wait_for_url("**/new-target")
    seat.check()
    seat.click(seat.page.get_by_role("button", name="Begin").first)
    seat.page.select_option("#indicator", "ilstc-volume")
    seat.type(seat.page.locator("#goal\\.value"), "35万")
    seat.type(seat.page.locator("#announcement\\.by\\.en"), "The mayor")
    seat.type(seat.page.locator("#announcement\\.on"), "2026-02-01")
    seat.type(seat.page.locator("#title\\.en"), "Cargo in 2026")
    seat.type(seat.page.locator("#title\\.zh"), "2026年运量")
    seat.page.select_option("#owner", "port-and-logistics-office")
    seat.click(button(seat, "See how it would stand"))
    seat.page.wait_for_selector(".preview")
    seat.check()
    seat.click(button(seat, "Save this"))
    seat.page.wait_for_url("**/targets/cargo-in-2026?done=target_new&*")
    seat.check()


def test_what_is_wrong_is_told_where_the_reader_is_led(site, sit):
    take_over(site, "ilstc-volume-2025")
    seat = sit(role=Role.EDITOR)
    seat.go("/targets/ilstc-volume-2025/edit")
    seat.page.locator("#goal\\.value").fill("much")
    seat.page.locator("#title\\.en").fill("   ")
    with seat.page.expect_navigation():
        button(seat, "See what changes").click()
    seat.expected.add(422)
    seat.check()
    assert seat.page.evaluate("document.activeElement.id") == "problems"
    seat.page.get_by_role("link", name=re.compile("Not a number")).click()
    assert seat.page.evaluate("document.activeElement.id") == "goal.value"


def test_only_what_was_chosen_is_asked_for(site, sit):
    take_over(site, "ilstc-volume-2025")
    seat = sit(role=Role.EDITOR)
    seat.go("/targets/ilstc-volume-2025/edit")
    for field, choice, value in (
        ("#goal\\.upper", "#goal\\.comparator", "between"),
        ("#plan\\.waypoints\\.1\\.on", "#plan", "waypoints"),
        ("#owner\\.email", "#owner", "+"),
        ("#programmes\\.title\\.en", "#programme", "+"),
    ):
        assert not seat.page.locator(field).is_visible()
        seat.page.select_option(choice, value)
        assert seat.page.locator(field).is_visible()


def test_the_return_key_looks_and_removes_nothing(site, sit):
    take_over(site, "routes-2025")
    seat = sit(role=Role.EDITOR)
    seat.go("/targets/routes-2025/edit")
    seat.page.locator("#title\\.en").fill("Four routes")
    seat.page.locator("#title\\.en").press("Enter")
    seat.page.wait_for_selector(".preview")
    assert "Four routes" in seat.page.content()


def test_a_row_is_added_where_the_reader_is(site, sit):
    take_over(site, "routes-2025")
    seat = sit(role=Role.EDITOR)
    seat.go("/targets/routes-2025/edit")
    button(seat, "Add a step").click()
    seat.page.wait_for_selector("#steps\\.5\\.id")
    assert seat.page.evaluate("document.querySelector('#steps').getBoundingClientRect().top") < 1080
    assert seat.page.evaluate("document.activeElement.id") == "steps.5.title.en"
