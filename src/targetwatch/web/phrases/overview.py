"""The overview."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "overview_title": Text("Targets", "目标一览"),
    "stand_heading": Text("Where things stand", "总体情况"),
    "closed_sentence": Text("{year} is closed: {outcome}.", "{year}年已收官：{outcome}。"),
    "closed_waiting": Text(
        "{year} is over: {outcome}; the last figure is still awaited for {waiting} of its {total} targets.",
        "{year}年已结束：{outcome}；{total}项目标中仍有{waiting}项等待最后数据。",
    ),
    "closed_none_decided": Text("none is decided yet", "尚无定论"),
    "outcome_item": Text("{count} {state}", "{state}{count}项"),
    "last_published": Text(
        "The last figure that counts for a target was published on {day}.", "计入目标的最近一次公布：{day}。"
    ),
    "none_published": Text("No figure has been published yet.", "尚未公布任何数据。"),
    "still_running": Text("Still running", "仍在进行"),
    "running_count": Text("{count} targets are still running.", "仍有{count}项目标在进行。"),
    "running_next": Text("The next deadline is {day}.", "最近的期限是{day}。"),
    "none_running": Text("No target is still running.", "没有仍在进行的目标。"),
    "look_back": Text("Look at {year} as it was on", "回看{year}年当时的情况："),
    "look_back_today": Text("today", "今日"),
    "replay_offer": Text("Or let the year happen again, a day every two seconds", "或按每两秒一天回放这一年"),
    "replay_how": Text(
        "A service of its own replays it; on the machine it runs on:", "由单独的服务回放，在其所在机器上运行："
    ),
    "no_targets": Text("No target had been announced by then.", "届时尚未公布任何目标。"),
    "no_targets_configured": Text(
        "No target is configured yet. Write config/targets.yaml, then run: targetwatch apply",
        "尚未配置目标。请编写 config/targets.yaml，然后运行：targetwatch apply",
    ),
    "later": Text("{count} more had not been announced yet.", "另有{count}项届时尚未公布。"),
    "failed_heading": Text("Could not be judged", "无法评判"),
    "failed_one": Text("An error of this program; the other targets are not affected.", "程序出错；其他目标不受影响。"),
    "held_notice": Text(
        "{count} figures are held back until someone decides on them.", "有{count}个数据待人工确认，暂未采用。"
    ),
    "held_notice_one": Text("1 figure is held back until someone decides on it.", "有1个数据待人工确认，暂未采用。"),
    "failed_more": Text("and {count} more", "另有{count}项"),
    "other_programme": Text("Other targets", "其他目标"),
    "find_form": Text("Find, filter and sort targets", "查找、筛选和排序目标"),
    "find_words": Text("Search", "搜索"),
    "find_status": Text("Status", "状态"),
    "find_programme": Text("Programme", "项目"),
    "find_owner": Text("Answers for it", "责任单位"),
    "find_data": Text("Data", "数据"),
    "find_when": Text("Time", "期限"),
    "find_sort": Text("Sorted by", "排序"),
    "find_all": Text("all", "全部"),
    "find_show": Text("Show", "查看"),
    "find_clear": Text("Clear the filters", "清除筛选"),
    "when_running": Text("still running", "仍在进行"),
    "when_over": Text("deadline passed", "期限已过"),
    "sort_programme": Text("programme", "项目"),
    "sort_urgency": Text("urgency", "紧迫程度"),
    "sort_deadline": Text("deadline", "期限"),
    "sort_odds": Text("odds, longest first", "完成可能性（低者在前）"),
    "sort_name": Text("name", "名称"),
    "look_label": Text("Shown as", "显示方式"),
    "look_cards": Text("cards", "卡片"),
    "look_table": Text("table", "表格"),
    "found_heading": Text("Targets found", "找到的目标"),
    "found_all": Text("{total} targets", "共{total}项目标"),
    "found_one": Text("1 target", "共1项目标"),
    "found_some": Text("{first} to {last} of {total} targets", "第{first}至{last}项，共{total}项目标"),
    "found_none": Text("No target answers to this.", "没有符合条件的目标。"),
    "found_unknown": Text("Not understood, and left out: {said}.", "无法识别，已忽略：{said}。"),
    "pages_label": Text("Pages of the list", "列表分页"),
    "pages_before": Text("Previous", "上一页"),
    "pages_after": Text("Next", "下一页"),
    "pages_here": Text("page {page} of {pages}", "第{page}页，共{pages}页"),
    "data_state_fresh": Text("up to date", "最新"),
    "data_state_due": Text("next figure due", "下期应公布"),
    "data_state_late": Text("late", "迟延"),
    "data_state_none": Text("no figure yet", "尚无数据"),
    "data_state_closed": Text("complete", "已完结"),
    "card_odds": Text("Odds", "完成可能性"),
    "card_needed": Text("Needed", "所需"),
    "card_steps": Text("{done} of {total} done", "{total}项中完成{done}项"),
    "card_steps_late": Text("{done} of {total} done, {late} of them late", "{total}项中完成{done}项，其中{late}项逾期"),
    "card_step_late": Text("Done, {days} days late", "已完成，但晚{days}天"),
    "card_without_base": Text(
        "{actual}; goal: {change} on a base never published", "{actual}；目标：较基期{change}（基期未公布）"
    ),
    "card_no_figure": Text("No figure yet", "暂无数据"),
    "column_target": Text("Target", "目标"),
    "column_status": Text("Status", "状态"),
    "column_standing": Text("Actual / goal", "实际 / 目标"),
    "column_progress": Text("Progress against plan", "进度与计划"),
    "watched_more": Text(
        "{count} more are not listed; search for them by name.", "另有{count}项未列出，可按名称搜索。"
    ),
    "watched_heading": Text("Watched beside the targets", "同时关注的指标"),
    "watched_text": Text(
        "Shown for context, never judged: nobody promised a value.", "仅供参照，不作评判：没有对应承诺。"
    ),
    "watched_without": Text("No figure known", "暂无数据"),
    "owner": Text("Answers for it", "责任单位"),
    "deadline": Text("Deadline", "期限"),
    "deadline_on": Text("by {day}", "期限{day}"),
    "no_deadline": Text("no deadline announced", "未公布期限"),
}
