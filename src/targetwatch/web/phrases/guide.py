"""The guide and the runbooks."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "guide_title": Text("Guide", "使用指南"),
    "guide_contents": Text("Contents", "目录"),
    "guide_runbook": Text("Runbook", "处置手册"),
    "guide_runbooks": Text("What to do when a mail comes", "收到提醒邮件后怎么办"),
}
