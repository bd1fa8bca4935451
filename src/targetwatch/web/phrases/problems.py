"""What could not be answered."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "error_bad_date_title": Text("That is not a day to look at", "无法查看该日期"),
    "error_bad_date_none": Text(
        "“{said}” is not a day. Expected a day up to {last}, written as 2025-03-31.",
        "“{said}”不是日期。请输入不晚于{last}的日期，格式如 2025-03-31。",
    ),
    "error_bad_date_future": Text(
        "{said} lies in the future. Expected a day up to {last}.", "{said}尚未到来。请选择不晚于{last}的日期。"
    ),
    "error_bad_date_early": Text(
        "{said} lies before anything is known. Expected a later day, up to {last}.",
        "{said}过早，尚无任何数据。请选择更晚的日期（不晚于{last}）。",
    ),
    "error_not_found_title": Text("There is no such page", "没有这个页面"),
    "error_not_found_text": Text(
        "The target or indicator may have been renamed, or the address mistyped.", "目标或指标可能已改名，或地址有误。"
    ),
    "error_not_announced_title": Text("It had not been announced yet", "届时尚未公布"),
    "error_not_announced_text": Text(
        "On the day you are looking at, this target did not exist.", "在所查看的日期，该目标尚不存在。"
    ),
    "error_not_ready_title": Text("A moment, please", "请稍候"),
    "error_not_ready_text": Text(
        "The first verdicts are being worked out. This page tries again by itself.",
        "正在进行首次评判，本页会自动重试。",
    ),
    "error_away_title": Text("The database cannot be reached", "数据库暂不可用"),
    "error_away_text": Text(
        "The figures are safe where they are; this page comes back by itself.", "数据未受影响，恢复后本页即可查看。"
    ),
    "error_failed_title": Text("This page could not be made", "无法生成页面"),
    "error_failed_text": Text(
        "An error of this program, not of yours. Its log says more.", "程序出错，与您的操作无关。详情见日志。"
    ),
    "error_again": Text("Back to the form", "返回表单"),
    "error_back": Text("To all targets", "查看全部目标"),
}
