"""deploy/: rendered by kustomize, valid by the schemas of Kubernetes, hardened; nothing is run in a cluster."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from grafana.generator.files import KUBERNETES_RULES, kubernetes_rules
from grafana.stack.programs import find

ROOT = Path(__file__).resolve().parents[2]
OPERATORS = {"ServiceMonitor", "PrometheusRule"}
"""Kinds of the Prometheus operator, of which Kubernetes has no schema."""


def rendered(folder: str) -> list[dict[str, Any]]:
    run = subprocess.run([find("kubectl"), "kustomize", ROOT / folder], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return list(yaml.safe_load_all(run.stdout))


@pytest.fixture(scope="module", params=["deploy/base", "deploy/example"])
def objects(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    return rendered(request.param)


@pytest.fixture(scope="module")
def example() -> dict[str, dict[str, Any]]:
    """Return one object of each kind of the whole example."""
    return {one["kind"]: one for one in rendered("deploy/example")}


def test_every_object_is_valid_by_its_schema(objects: list[dict[str, Any]]) -> None:
    seen = {one["kind"] for one in objects}
    assert {"Deployment", "Service", "ConfigMap"} <= seen
    for one in objects:
        if one["kind"] not in OPERATORS:
            kubernetes_validate.validate(one, "1.32.0", strict=True)


def test_a_misspelt_key_would_be_noticed(objects: list[dict[str, Any]]) -> None:
    (deployment,) = [one for one in objects if one["kind"] == "Deployment"]
    wrong = {**deployment, "spec": {**deployment["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.32.0", strict=True)


def test_runs_as_nobody_with_a_read_only_root_and_no_capability(objects: list[dict[str, Any]]) -> None:
    (deployment,) = [one for one in objects if one["kind"] == "Deployment"]
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == 65534
    assert not pod["automountServiceAccountToken"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }
    assert "USER 65534" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_every_file_of_the_configuration_is_in_a_config_map_and_mounted(objects: list[dict[str, Any]]) -> None:
    maps = {one["metadata"]["name"].rsplit("-", 1)[0]: one["data"] for one in objects if one["kind"] == "ConfigMap"}
    config = ROOT / "config"
    assert set(maps["targetwatch-readings"]) == {path.name for path in (config / "readings").glob("*.csv")}
    assert set(maps["targetwatch-config"]) == {"targets.yaml", "sources.yaml"}
    (deployment,) = [one for one in objects if one["kind"] == "Deployment"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    places = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {"/data", "/tmp", "/etc/targetwatch/targets.yaml", "/etc/targetwatch/readings"} <= places


def test_service_monitor_and_policy_find_the_pods(example: dict[str, dict[str, Any]]) -> None:
    labels = example["Deployment"]["spec"]["template"]["metadata"]["labels"]
    assert example["Service"]["spec"]["selector"].items() <= labels.items()
    assert example["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items() <= labels.items()
    wanted = example["ServiceMonitor"]["spec"]
    assert wanted["selector"]["matchLabels"].items() <= example["Service"]["metadata"]["labels"].items()
    assert [one["port"] for one in wanted["endpoints"]] == [
        port["name"] for port in example["Service"]["spec"]["ports"]
    ]


def test_the_secret_of_the_database_takes_the_place_of_the_volume(example: dict[str, dict[str, Any]]) -> None:
    assert "PersistentVolumeClaim" not in example
    (container,) = example["Deployment"]["spec"]["template"]["spec"]["containers"]
    (variable,) = container["env"]
    assert variable["name"] == "TARGETWATCH_DATABASE_URL"
    assert variable["valueFrom"] == {"secretKeyRef": {"name": "targetwatch-database", "key": "url"}}


def test_the_rules_are_those_of_grafana_rules_and_promtool_reads_them(
    example: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    assert KUBERNETES_RULES.read_text(encoding="utf-8") == kubernetes_rules(), "run python -m grafana.generator"
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(example["PrometheusRule"]["spec"]), encoding="utf-8")
    checked = subprocess.run(
        ["promtool", "check", "rules", tmp_path / "rules.yaml"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_image_holds_what_is_locked_and_its_context_only_what_it_is_built_from() -> None:
    built = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "uv sync --frozen" in built
    taken = {
        word
        for line in built.splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for word in line.split()[1:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert taken == {line[1:] for line in ignored if line.startswith("!")}
