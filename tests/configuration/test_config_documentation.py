"""docs/configuration.md: every key is in it, every example is valid, what it quotes is what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from targetwatch.configuration import check, json_schema
from targetwatch.connectors.document import DocumentOptions
from targetwatch.model import Derived

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text()
OF_DOCUMENTS = set(DocumentOptions.model_json_schema()["$defs"])
"""What docs/documents.md explains, as tests/documents looks at."""
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{one.name}" for one in (ROOT / "docs").glob("*.md"))])
def test_every_file_that_a_document_names_is_there(page):
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|md|ya?ml|json|tmpl|csv))`", (ROOT / page).read_text())
    places = (ROOT, ROOT / "src" / "targetwatch")
    assert [one for one in named if not any((place / one).is_file() for place in places)] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(json_schema()["$defs"].keys() - OF_DOCUMENTS))
def test_every_key_of_every_form_is_explained(name):
    for key in json_schema()["$defs"][name]["properties"]:
        assert re.search(rf"`[^`]*\b{key}\b[^`]*`", PAGE), (name, key)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_valid(example, write):
    if example.startswith("# file: sources.yaml"):
        assert check(write("version: 1\n", example)).sources
    else:
        assert check(write(example, None)).indicators


def test_there_is_an_example_of_every_kind_of_target_and_rule():
    text = "".join(EXAMPLES)
    kinds = [
        "measure: flow",
        "measure: level",
        "measure: milestones",
        "above:",
        "between:",
        "change:",
        "goal: complete",
    ]
    rules = [*(f"{one.value}:" for one in Derived), "versions:", "waypoints:", "seasonal"]
    rhythms = ["every: week", "start: 2025-04-01"]
    assert [kind for kind in kinds + rules + rhythms if kind not in text] == []


def test_the_problems_quoted_are_printed_word_for_word(refusal):
    targets = EXAMPLES[0].replace("cargo-volume-2025", "volume-2025")
    said = refusal(targets.replace("{above: 270000}", '{above: "270,000"}'))
    said += refusal(targets.replace("deadline: 2025-12-31", "deadline: 2024-12-31"))
    for sentence in said:
        assert re.sub(r"^targets.yaml:\d+: ", "", sentence) in PAGE
    assert len(said) == 2
