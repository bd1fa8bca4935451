"""Writes grafana/dashboards/LANGUAGE/NAME.json; run again, it changes nothing."""

from __future__ import annotations

from grafana.generator.files import FOLDER, dashboards

if __name__ == "__main__":
    for path, text in dashboards().items():
        target = FOLDER / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
