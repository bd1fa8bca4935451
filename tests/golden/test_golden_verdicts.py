"""The verdict on every real target on every day of 2025, kept where something changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import golden_text
import pytest
from golden_text import json_lines
from golden_visit import Visitor
from golden_world import served

FIRST, LAST = date(2025, 1, 1), date(2026, 1, 31)
EVERY_DAY = frozenset({"as_of", "taken_at"})


@pytest.mark.parametrize("clock", ["published"])
def test_every_verdict_of_2025_is_what_it_was(clock, real_world, tmp_path, golden):
    text = golden_text.Text()
    last: dict[str, list[str]] = {}
    before, blocks = dict[str, dict[str, Any]](), dict[str, list[str]]()
    with served(real_world.copy(tmp_path / "own")) as app:
        client = Visitor(app).client
        for number in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=number)
            answer = client.get(f"/api/v1/targets?as_of={day}&clock={clock}")
            assert answer.status_code == 200, answer.text
            for one in answer.json()["targets"]:
                name, said = one["target"], {key: one[key] for key in one if key not in EVERY_DAY}
                if said == before.get(name):
                    continue
                before[name], lines = said, json_lines(said)
                if lines != last.get(name):
                    blocks.setdefault(name, []).append(f"-- from {day}")
                    known = set(last.get(name, ()))
                    blocks[name] += [line for line in lines if line not in known]
                    gone = {line.split(":")[0] for line in known} - {line.split(":")[0] for line in lines}
                    blocks[name] += [f"{path}: gone" for path in sorted(gone)]
                last[name] = lines
    for name, lines in sorted(blocks.items()):
        text.add(name, lines)
    golden(f"verdicts.{clock}", text)
