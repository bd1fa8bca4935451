"""What a command does not need is not loaded: the forecast's libraries cost half a second, those of documents two."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from commands import PROJECT

pytestmark = pytest.mark.system
HEAVY = ("numpy", "scipy", "statsforecast", "lxml", "trafilatura", "pypdfium2", "python_calamine")
PROGRAM = f"""
import runpy, sys
sys.argv[0] = "targetwatch"
try:
    runpy.run_module("targetwatch", run_name="__main__")
except SystemExit as ended:
    status = ended.code
print("\\n", status, [name for name in {HEAVY} if name in sys.modules])
"""


def last_line(*words: str, folder: Path, program: str = PROGRAM) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, cwd=folder
    )
    return ran.stdout.splitlines()[-1].strip()


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["status", "--help"], ["backtest", "--help"]])
def test_help_loads_none_of_the_heavy_libraries(words, tmp_path):
    assert last_line(*words, folder=tmp_path) == "0 []"


def test_the_list_of_commands_waits_for_no_model(tmp_path):
    program = PROGRAM.replace(str(HEAVY), str((*HEAVY, "pydantic", "sqlalchemy", "fastapi")))
    assert last_line("--help", folder=tmp_path, program=program) == "0 []"


def test_checking_the_configuration_loads_none_either(tmp_path):
    config = PROJECT / "config"
    assert last_line("check", str(config), folder=tmp_path) == "0 []"


def test_a_verdict_that_rests_on_a_forecast_loads_them(real_database, tmp_path):
    words = ["--database", f"sqlite:///{real_database}", "status", "--as-of", "2025-07-18"]
    assert last_line(*words, folder=tmp_path) == "0 ['numpy', 'scipy']"
