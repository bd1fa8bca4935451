"""The dashboards against the types that Grafana itself publishes, where npm is there."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from grafana.generator.files import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = ("@grafana/schema@13.2.3", "typescript@7.0.2")
RAW = "./node_modules/@grafana/schema/dist/types/raw"
KINDS = {"stat": "stat", "bargauge": "bargauge", "timeseries": "timeseries", "state-timeline": "statetimeline"}
PLAIN = (
    "type Plain<T> = T extends string ? `${T}` : T extends (infer U)[] ? Plain<U>[]"
    " : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;"
)
"""A type as JSON has it: the names of an enumeration are its values."""
NOT_IN_THE_TYPES = {"auto", "auto_count", "auto_min", "expr", "step", "textFormat", "titleFormat"}
"""What the SDK writes for variables of every kind, though it means those of intervals, and Prometheus' own fields of an
annotation, which the types leave to each data source."""


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the types and their compiler."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not there: the types of Grafana cannot be fetched")
    folder = tmp_path_factory.mktemp("types")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip(f"npm cannot fetch the types of Grafana: {done.stderr[-300:]}")
    return folder


def as_typed(board: dict[str, Any]) -> dict[str, Any]:
    """Return a dashboard without what the types leave out."""

    def known(listed: dict[str, Any]) -> dict[str, Any]:
        found = [{name: said for name, said in one.items() if name not in NOT_IN_THE_TYPES} for one in listed["list"]]
        return {"list": found}

    return {**board, "annotations": known(board["annotations"]), "templating": known(board["templating"])}


def compiled(folder: Path, boards: list[dict[str, Any]]) -> str:
    """Return what the compiler says of dashboards and of the options of each of their panels."""
    lines = [f"import {{ Dashboard }} from '{RAW}/dashboard/x/types.gen';", PLAIN]
    lines += [
        f"import {{ Options as {one} }} from '{RAW}/composable/{one}/panelcfg/x/types.gen';" for one in KINDS.values()
    ]
    for number, board in enumerate(boards):
        lines.append(f"const board{number}: Plain<Dashboard> = {json.dumps(as_typed(board))};")
        for panel in board["panels"]:
            options = f"const options{number}_{panel['id']}: Plain<{KINDS[panel['type']]}>"
            lines.append(f"{options} = {json.dumps(panel['options'])};")
    (folder / "check.ts").write_text("\n".join(lines), encoding="utf-8")
    command = ["node_modules/.bin/tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "preserve"]
    done = subprocess.run([*command, "check.ts"], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def test_every_dashboard_is_of_the_types_grafana_publishes_and_a_misspelt_option_is_not(typescript: Path) -> None:
    boards = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*/*.json"))]
    assert len(boards) == 8
    assert compiled(typescript, boards) == ""
    boards[0]["panels"][0]["options"]["graphMod"] = "none"
    assert "'\"graphMod\"' does not exist" in compiled(typescript, boards[:1])
