"""The examples of docs/api.md do what they say, against a real server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from web_stage import PROJECT, TOKEN, Stage, judged

TEXT = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
CURL = [
    text.replace("$ curl", "curl -sS -w '\\n%{http_code}'", 1)
    for text in re.findall(r"```console\n(.*?)```", TEXT, re.DOTALL)
]
(CLIENT,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture
def own_real(real_file, tmp_path):
    """The service over a copy of the real figures, served."""
    one = Stage(Path(shutil.copy(real_file, tmp_path / "own.db")), date(2026, 11, 25))
    one.watch = judged(real_file, one.today)
    one.refresh()
    yield one
    one.close()


@pytest.fixture
def run(own_real):
    environment = os.environ | {"TARGETWATCH": own_real.address, "TOKEN": TOKEN}

    def done(*words):
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout

    return done


def test_the_examples_read_every_target_and_enter_readings_once(run, own_real):
    reading, entering = CURL
    body, status = run("sh", "-c", reading).rsplit("\n", 1)
    assert (status, len(json.loads(body)["targets"])) == ("200", 2)
    printed = [line.split()[0] for line in run(sys.executable, "-c", CLIENT).splitlines()]
    assert printed == sorted(own_real.holder.current.verdicts)
    statuses = []
    for _ in range(2):
        body, status = run("sh", "-c", entering).rsplit("\n", 1)
        statuses.append((status, [one["outcome"] for one in json.loads(body)["readings"]]))
    assert statuses[0][0] in {"200", "201", "202"}
    assert "unreadable" not in statuses[0][1]
    assert set(statuses[1][1]) <= {"known", "held"}
