"""For every reader: both languages whole, headings in order, tables and drawings named, enough contrast."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from web_stage import PROJECT

WEB = PROJECT / "src" / "targetwatch" / "web"
PAGES = (
    "/",
    "/?as_of=2025-10-02",
    "/targets/ilstc-volume-2025",
    "/targets/routes-2025",
    "/targets/logistics-cost-2027",
    "/indicators/ilstc-volume",
    "/indicators/ilstc-volume-annual",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_can_be_read_by_heading_by_table_and_by_ear(page, path, language):
    shown = page(path, language=language)
    levels = [int(name[1]) for name, _ in shown.elements if re.fullmatch("h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all("scope" in cell for cell in shown.all("th"))
    assert len(shown.all("caption")) == len(shown.all("table"))
    for drawing in shown.all("svg"):
        assert drawing.get("aria-hidden") == "true" or (
            drawing.get("role") in {"img", "group"} and drawing.get("aria-label")  # a group holds links to be read
        )
    for box in shown.all("input"):
        assert box.get("type") == "hidden" or box["id"] in {one["for"] for one in shown.all("label")}
    ids = [attributes["id"] for _, attributes in shown.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    pointed = {a["aria-labelledby"] for _, a in shown.elements if a.get("aria-labelledby")}
    assert pointed <= set(ids)
    assert shown.links[0] == "#content"
    assert "content" in ids


@pytest.mark.parametrize("path", PAGES)
def test_a_status_is_always_a_word_and_an_icon(page, path):
    shown = page(path)
    statuses = [one for one in shown.all("span") if (one.get("class") or "").startswith("status ")]
    icons = [one["href"] for one in shown.all("use")]
    drawn = {one["id"] for one in shown.all("symbol")}
    for one in statuses:
        name = (one["class"] or "").split()[1].removeprefix("status-")
        assert f"#i-{name}" in icons
    assert {icon.removeprefix("#") for icon in icons if icon} <= drawn


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(scheme):
    css = (WEB / "static" / "app.css").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, flags=re.DOTALL)[:2]
    colours = dict(re.findall(r"--(\w+): (#\w{6})", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--(\w+): (#\w{6})", dark))
    tint = int(re.findall(r"--tint: (\d+)%", dark if scheme == "dark" else light)[0]) / 100
    for ground in ("paper", "sheet", "sunken"):
        assert contrast(colours["ink"], colours[ground]) >= 7
        assert contrast(colours["soft"], colours[ground]) >= 4.5
        assert contrast(colours["link"], colours[ground]) >= 4.5
    for status in ("pending", "on_track", "at_risk", "off_track", "achieved", "missed", "awaiting_data"):
        badge = mixed(colours[status], colours["sheet"], tint)
        assert contrast(colours["ink"], badge) >= 7, status


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def mixed(colour: str, ground: str, share: float) -> str:
    parts = [round(int(colour[i : i + 2], 16) * share + int(ground[i : i + 2], 16) * (1 - share)) for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02x}" for part in parts)
