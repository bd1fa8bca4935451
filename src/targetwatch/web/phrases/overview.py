"""The overview."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "overview_title": Text("Targets", "目标一览"),
    "stand_heading": Text("Where things stand", "总体情况"),
    "closed_sentence": Text("{year} is closed: {outcome}.", "{year}年已收官：{outcome}。"),
    "outcome_item": Text("{count} {state}", "{state}{count}项"),
    "last_published": Text(
        "The last figure that counts for a target was published on {day}.", "计入目标的最近一次公布：{day}。"
    ),
    "none_published": Text("No figure has been published yet.", "尚未公布任何数据。"),
    "still_running": Text("Still running", "仍在进行"),
    "none_running": Text("No target is still running.", "没有仍在进行的目标。"),
    "replay_offer": Text("Watch the year happen again, a day every two seconds:", "以每两秒一天重演这一年："),
    "no_targets": Text("No target had been announced by then.", "届时尚未公布任何目标。"),
    "no_targets_configured": Text(
        "No target is configured yet. Write config/targets.yaml, then run: targetwatch apply",
        "尚未配置目标。请编写 config/targets.yaml，然后运行：targetwatch apply",
    ),
    "later": Text("{count} more had not been announced yet.", "另有{count}项届时尚未公布。"),
    "failed_heading": Text("Could not be judged", "无法评判"),
    "failed_one": Text("An error of this program; the other targets are not affected.", "程序出错；其他目标不受影响。"),
    "held_notice": Text(
        "{count} figures are held back until someone decides on them: targetwatch held",
        "有{count}个数据待人工确认，暂未采用：targetwatch held",
    ),
    "held_notice_one": Text(
        "1 figure is held back until someone decides on it: targetwatch held",
        "有1个数据待人工确认，暂未采用：targetwatch held",
    ),
    "other_programme": Text("Other targets", "其他目标"),
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
