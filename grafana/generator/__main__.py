"""Writes grafana/dashboards/LANGUAGE/NAME.json and the rules for Kubernetes; run again, it changes nothing."""

from __future__ import annotations

from grafana.generator.files import FOLDER, KUBERNETES_RULES, dashboards, kubernetes_rules

if __name__ == "__main__":
    for path, text in dashboards().items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    KUBERNETES_RULES.write_text(kubernetes_rules(), encoding="utf-8")
