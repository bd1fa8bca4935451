"""compose.yaml: valid by the compose program itself, hardened, and of one mind with the stack that runs without it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from grafana.stack import shipped
from grafana.stack.programs import find

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Return the services as compose resolves them; it refuses what is not in its schema."""
    command = [
        find("docker-compose"),
        "--profile",
        "dev",
        "--file",
        str(ROOT / "compose.yaml"),
        "config",
        "--format",
        "json",
    ]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "GRAFANA_ADMIN_PASSWORD": "secret"}
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout)["services"])


def test_compose_refuses_a_key_that_is_not_in_its_schema(tmp_path: Path) -> None:
    wrong = (ROOT / "compose.yaml").read_text(encoding="utf-8").replace("read_only: true", "read_only: perhaps")
    (tmp_path / "compose.yaml").write_text(wrong, encoding="utf-8")
    command = [find("docker-compose"), "--file", str(tmp_path / "compose.yaml"), "config", "--quiet"]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "GRAFANA_ADMIN_PASSWORD": "secret"}
    )
    assert run.returncode != 0
    assert "read_only" in run.stderr


def test_the_stack_is_complete(services: dict[str, Any]) -> None:
    assert set(services) == {"targetwatch", "prometheus", "alertmanager", "grafana", "mail"}
    assert services["mail"]["profiles"] == ["dev"]


@pytest.mark.parametrize("name", ["targetwatch", "prometheus", "alertmanager", "grafana", "mail"])
def test_every_container_is_read_only_without_capabilities_and_watched(services: dict[str, Any], name: str) -> None:
    service = services[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["healthcheck"]["test"]
    assert not service.get("privileged")
    for port in service["ports"]:
        assert port["host_ip"] == "127.0.0.1"
    for volume in service.get("volumes", []):
        if volume["type"] == "bind":
            assert volume["read_only"], volume
            assert Path(volume["source"]).exists(), volume
    if name != "targetwatch":
        tag = service["image"].rsplit(":", 1)[1]
        assert tag != "latest"
        assert any(character.isdigit() for character in tag)


@pytest.mark.parametrize(
    ("name", "flags"), [("prometheus", shipped.PROMETHEUS_FLAGS), ("alertmanager", shipped.ALERTMANAGER_FLAGS)]
)
def test_it_starts_programs_with_the_flags_that_the_tests_ran(
    services: dict[str, Any], name: str, flags: dict[str, str]
) -> None:
    for flag, value in flags.items():
        assert f"--{flag}={value}" in services[name]["command"]


def test_every_rule_file_is_mounted(services: dict[str, Any]) -> None:
    mounted = {Path(volume["source"]).name for volume in services["prometheus"]["volumes"]}
    assert {path.name for path in shipped.RULES.glob("*.yaml")} <= mounted


def test_anyone_may_look_at_grafana_and_change_nothing(services: dict[str, Any]) -> None:
    environment = services["grafana"]["environment"]
    assert environment["GF_AUTH_ANONYMOUS_ENABLED"] == "true"
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
