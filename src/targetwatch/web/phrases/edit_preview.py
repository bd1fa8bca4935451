"""What a changed target or a new one would mean, before it is saved."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "preview_title": Text("What would change: {title}", "变更效果：{title}"),
    "preview_title_new": Text("How it would stand: {title}", "评判效果：{title}"),
    "preview_new": Text("A new target, {id}. It is not saved yet.", "新目标 {id}，尚未保存。"),
    "preview_names": Text(
        "Only what describes the target changes. There is no new version, and nothing is judged otherwise.",
        "仅修改说明性内容，不产生新版本，评判不变。",
    ),
    "preview_today": Text("Version {number} would count from today.", "第{number}版将自今日起生效。"),
    "preview_to_come": Text(
        "Version {number} would count from {day}. Until then nothing changes.",
        "第{number}版将自{day}起生效，此前不变。",
    ),
    "preview_past": Text("Version {number} would count from {day}, in the past.", "第{number}版将追溯自{day}起生效。"),
    "save_this": Text("Save this", "确认保存"),
    "back_to_form": Text("Back to the form", "返回修改"),
    "give_up": Text("Give up", "放弃"),
    "side_now": Text("Now", "现在"),
    "side_after": Text("After", "变更后"),
    "side_after_day": Text("From {day}", "自{day}起"),
    "side_new": Text("As it would stand today", "以今日所知"),
    "judged_on_today": Text("Judged on what is known today.", "按今日所知评判。"),
    "needed_short": Text("Needed", "需要"),
    "compare_label": Text(
        "The plan and goal now and after the change, with the figures published; the numbers are in the table below",
        "变更前后的计划与目标，以及已公布的数据；数字见下表",
    ),
    "legend_now": Text("plan and goal now", "现行计划与目标"),
    "legend_after": Text("plan and goal after", "变更后的计划与目标"),
    "legend_new": Text("plan and goal", "计划与目标"),
    "legend_from": Text("counts from {day}", "{day}起生效"),
    "plans_heading": Text("The plans in numbers", "计划数值"),
    "differences_heading": Text("What is different", "变更内容"),
    "column_field": Text("Field", "项目"),
    "reason_made": Text("(made from the change, since none was given)", "（未填写，由变更内容生成）"),
    "announcement_unchanged": Text(
        "The goal changes, but the announcement is still that of {by}, {day}. If the change was announced anew, go "
        "back and say by whom.",
        "目标已变更，但公布信息仍为{by}（{day}）。如变更另有公布，请返回填写。",
    ),
    "reached_by_any": Text(
        "The goal, {goal}, is reached by any figure. Is that what was promised?",
        "目标值“{goal}”任何数值都能达到，请确认是否填写正确。",
    ),
    "consequences_heading": Text("What follows from it", "影响"),
    "kept_before": Text("{count} statuses before {day} stay as they were said.", "{day}之前的{count}条状态保持原样。"),
    "kept_before_one": Text("1 status before {day} stays as it was said.", "{day}之前的1条状态保持原样。"),
    "kept_since": Text(
        "{count} said since {day} stay in the history too, told apart as said under the version before; the new "
        "verdict is added.",
        "{day}以来的{count}条状态也保留在历史中，单独列为旧版本下的评判；另加入新的结论。",
    ),
    "kept_since_one": Text(
        "1 said since {day} stays in the history too, told apart as said under the version before; the new verdict is "
        "added.",
        "{day}以来的1条状态也保留在历史中，单独列为旧版本下的评判；另加入新的结论。",
    ),
    "kept_none": Text("No status has been said of it yet.", "尚无状态记录。"),
    "past_meaning": Text(
        "Whoever looks back at a day since {day} sees it judged by this version, and the exported history changes from "
        "that day on. Days before are as they were.",
        "回看{day}及以后的日期时，将按本版本评判，导出的历史也从该日起变化；此前的日期不受影响。",
    ),
    "edit_mail_owner": Text("A mail leaves to {owner} at about {at}: {state}.", "约{at}向{owner}发送邮件：{state}。"),
    "edit_mail_steward": Text(
        "A mail leaves to the data steward for {owner}, who has no address, at about {at}: {state}.",
        "{owner}未登记邮箱，约{at}向数据管理员发送邮件：{state}。",
    ),
    "edit_mail_later": Text("No mail before {day}.", "{day}之前不会发送邮件。"),
    "edit_mail_none": Text("No mail follows.", "不会发送邮件。"),
    "audit_meaning": Text("It is recorded in the audit trail under your name.", "此次操作将以您的名义记入审计记录。"),
    "busy_heading": Text("The database is busy, nothing was saved", "数据库繁忙，尚未保存"),
    "busy_text": Text(
        "All you typed is here. Please save once more in a moment.", "您填写的内容都在，请稍后再次保存。"
    ),
    "done_target_version": Text("Saved: the promise has a new version.", "已保存：承诺有了新版本。"),
    "done_target_names": Text("Saved. The promise itself is as it was.", "已保存，承诺内容未变。"),
}
