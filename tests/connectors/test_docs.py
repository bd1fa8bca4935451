from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from targetwatch.connectors import CONNECTORS, FIELDS
from targetwatch.model import Basis

PAGE = (Path(__file__).parents[2] / "docs" / "connectors.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """Return the text under a heading."""
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def examples() -> list[dict[str, Any]]:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found: list[dict[str, Any]] = []
    for block in blocks:
        document = yaml.safe_load(block)
        found.extend(document["sources"] if isinstance(document, dict) else document)
    return found


@pytest.mark.parametrize("kind", sorted(CONNECTORS))
def test_every_option_of_every_kind_has_its_line(kind: str) -> None:
    described = set(re.findall(r"^\| `(\w+)` \|", section(kind), re.MULTILINE))
    assert described == set(CONNECTORS[kind].Options.model_fields)


@pytest.mark.parametrize("kind", sorted(CONNECTORS))
def test_every_default_that_is_printed_is_the_real_one(kind: str) -> None:
    printed = re.findall(r"^\| `(\w+)` \| (.*?) \|", section(kind), re.MULTILINE)
    for name, default in printed:
        option = CONNECTORS[kind].Options.model_fields[name]
        if option.is_required():
            assert default == "required", name
        elif option.default in (None, {}, []):
            assert default == "none", name
        else:
            assert default == f"`{option.default}`", name


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example["id"]))
def test_every_example_is_valid(example: dict[str, Any]) -> None:
    described = {name: example[name] for name in ("fetch", "decode", "pick") if name in example}
    CONNECTORS[example["kind"]].Options.model_validate(described or example["options"])


@pytest.mark.parametrize("kind", sorted(CONNECTORS))
def test_every_kind_has_an_example(kind: str) -> None:
    assert kind in {example["kind"] for example in examples()}
    assert f"kind: {kind}" in section(kind)


def test_every_field_and_every_basis_is_described() -> None:
    fields = section("The fields of a row")
    assert set(re.findall(r"^\| `(\w+)` \|", fields, re.MULTILINE)) == set(FIELDS)
    assert [basis for basis in Basis if f"`{basis}`" not in fields] == []
