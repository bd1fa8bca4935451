"""Editing a target and making a new one."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    # --- the form ---
    "edit_title": Text("Edit: {title}", "编辑：{title}"),
    "edit_edit": Text("Edit", "编辑"),
    "promise_heading": Text("The promise", "承诺内容"),
    "when_heading": Text("From when, and why", "何时起、为何变更"),
    "who_heading": Text("Who announced it", "由谁公布"),
    "names_heading": Text("Names and owner", "名称与责任单位"),
    "more_heading": Text("Other things to do", "其他操作"),
    "see_changes": Text("See what changes", "查看变更效果"),
    "nothing_saved_yet": Text("Nothing is saved yet.", "此时不会保存任何内容。"),
    "a_new_one": Text("A new one ...", "新建……"),
    "edit_choose": Text("Choose ...", "请选择……"),
    "no_programme": Text("None", "无"),
    "edit_remove": Text("Remove", "删除"),
    "remove_step": Text("Remove step {number}", "删除第{number}项"),
    "remove_waypoint": Text("Remove point {number}", "删除第{number}个节点"),
    "add_step": Text("Add a step", "增加一项"),
    "add_waypoint": Text("Add a point", "增加节点"),
    "step_number": Text("Step {number}", "第{number}项"),
    "waypoint_number": Text("Point {number}", "第{number}个节点"),
    "waypoints_heading": Text("Points on the way", "中途节点"),
    "mail_en": Text("English", "英文"),
    "mail_zh": Text("Chinese", "中文"),
    "field_comparator": Text("Kept when the figure is", "达成条件"),
    "field_goal": Text("Goal", "目标值"),
    "field_goal_in": Text("Goal, in {unit}", "目标值（单位：{unit}）"),
    "field_goal_upper": Text("... and at most", "……上限"),
    "field_start": Text("First day", "起始日"),
    "field_deadline": Text("Deadline", "截止日"),
    "field_baseline": Text("Where it stood before", "基期值"),
    "field_baseline_in": Text("Where it stood before, in {unit}", "基期值（单位：{unit}）"),
    "field_baseline_period": Text("... in which period", "基期"),
    "field_plan": Text("Expected path", "计划进度"),
    "field_waypoint_on": Text("By", "日期"),
    "field_waypoint_value": Text("Expected by then", "届时应达"),
    "field_step_id": Text("Short name", "标识"),
    "field_step_title_en": Text("Step, in English", "事项（英文）"),
    "field_step_title_zh": Text("Step, in Chinese", "事项（中文）"),
    "field_step_due": Text("Due", "期限"),
    "field_effective": Text("Counts from", "生效日期"),
    "field_reason": Text("Reason for the change", "变更理由"),
    "field_announced_by": Text("Announced by", "公布人或单位"),
    "field_announced_on": Text("Announced on", "公布日期"),
    "field_announced_source": Text("Printed in", "出处"),
    "field_announced_url": Text("Address", "网址"),
    "field_announced_quote": Text("In these words", "原文"),
    "field_title_en": Text("Title, in English", "名称（英文）"),
    "field_title_zh": Text("Title, in Chinese", "名称（中文）"),
    "field_short_en": Text("Short title, in English", "简称（英文）"),
    "field_short_zh": Text("Short title, in Chinese", "简称（中文）"),
    "field_programme": Text("Programme", "所属项目"),
    "field_programme_en": Text("New programme, in English", "新项目名称（英文）"),
    "field_programme_zh": Text("New programme, in Chinese", "新项目名称（中文）"),
    "field_owner": Text("Owner", "责任单位"),
    "field_owner_name_en": Text("New owner, in English", "新责任单位（英文）"),
    "field_owner_name_zh": Text("New owner, in Chinese", "新责任单位（中文）"),
    "field_owner_email": Text("E-mail", "电子邮箱"),
    "field_owner_language": Text("Mail in", "邮件语言"),
    "field_note_en": Text("Note, in English", "备注（英文）"),
    "field_note_zh": Text("Note, in Chinese", "备注（中文）"),
    "field_id": Text("Short name", "标识"),
    "field_indicator": Text("Indicator", "指标"),
    "field_indicator_id": Text("Short name of the indicator", "指标标识"),
    "field_indicator_title_en": Text("Indicator, in English", "指标名称（英文）"),
    "field_indicator_title_zh": Text("Indicator, in Chinese", "指标名称（中文）"),
    "field_indicator_unit": Text("Unit", "计量单位"),
    "field_indicator_unit_en": Text("Unit as read, in English", "单位写法（英文）"),
    "field_indicator_unit_zh": Text("Unit as read, in Chinese", "单位写法（中文）"),
    "field_indicator_authority": Text("Whose count is judged", "以谁的统计为准"),
    "field_authority_en": Text("New publisher, in English", "新统计方（英文）"),
    "field_authority_zh": Text("New publisher, in Chinese", "新统计方（中文）"),
    "field_indicator_every": Text("Published", "公布频率"),
    "field_indicator_lag": Text("Days from the period's end to the figure", "期末至公布的天数"),
    "field_indicator_grace": Text("Days more before it counts as late", "逾期宽限天数"),
    "field_indicator_calendar": Text("Whose working days count", "按哪国工作日"),
    "comparator_above": Text("more than", "超过"),
    "comparator_at_least": Text("at least", "不低于"),
    "comparator_below": Text("less than", "低于"),
    "comparator_at_most": Text("at most", "不超过"),
    "comparator_between": Text("between", "介于"),
    "comparator_change": Text("changed by %", "较基期变化（%）"),
    "comparator_complete": Text("all steps done", "全部事项完成"),
    "path_linear": Text("a straight line", "匀速（直线）"),
    "path_seasonal": Text("as in earlier years", "参照往年节奏"),
    "path_waypoints": Text("points on the way", "按中途节点"),
    "help_goal": Text(
        "As it is printed: 300,000 · 30万 · 1 billion dollars · -60% for a change",
        "按原文填写即可：300,000、30万、10亿美元；变化填 -60%",
    ),
    "help_goal_upper": Text("Only for “between”: the larger number.", "仅用于“介于”：填较大的数。"),
    "help_start": Text("The day from which it is counted.", "从这一天起计。"),
    "help_deadline": Text("The last day that counts.", "计入的最后一天。"),
    "help_deadline_steps": Text("For steps without a day of their own.", "用于未单列期限的事项。"),
    "help_baseline": Text("Needed for a change by %: the value it is a change of.", "“变化（%）”必填：以此值为基数。"),
    "help_plan": Text("What is expected between first day and deadline.", "起始日与截止日之间的预期进度。"),
    "help_waypoints": Text(
        "Only for “points on the way”: what is to be reached by which day. An empty row is left out.",
        "仅用于“按中途节点”：到哪一天应达到多少。空行不计。",
    ),
    "help_steps": Text(
        "What has to be done. The short name is how a report of it is entered; left empty, the English makes it.",
        "需要完成的事项。标识用于录入完成情况；不填则由英文名称生成。",
    ),
    "help_effective": Text(
        "A changed promise becomes a new version from this day on. What was said before stays as it was said.",
        "承诺变更后，从该日起成为新版本；此前的结论保持原样。",
    ),
    "help_effective_over": Text(
        "A changed promise becomes a new version from this day on. Its window ended on {day}: say from which day the "
        "change counted.",
        "承诺变更后，从该日起成为新版本。该目标已于{day}到期：请填写变更从哪天起算。",
    ),
    "help_reason": Text(
        "Has to be given when the goal gets easier or the deadline later. Everyone can read it.",
        "目标放宽或期限推后时必填。所有人可见。",
    ),
    "help_announcement": Text(
        "Where a change was announced anew, put that announcement here.", "如变更另有公布，请填写新的公布信息。"
    ),
    "help_names": Text("Changing only these makes no new version.", "仅修改以下内容不会产生新版本。"),
    "help_short": Text("For the wall screen. Left empty, the title is used.", "用于大屏。不填则使用名称。"),
    "help_owner": Text("Who answers for it and is mailed when it lags.", "对其负责，进度落后时收到邮件。"),
    "help_owner_email": Text("Without an address the data steward is mailed instead.", "未填则改发数据管理员。"),
    "version_to_come": Text(
        "A change is waiting: version {number} counts from {day}. What you change here comes after it.",
        "已有待生效的变更：第{number}版自{day}起生效。此处的修改将排在其后。",
    ),
    # --- what is wrong ---
    "wrong_empty": Text("Nothing stands here, please fill it in", "此处未填写，请补充"),
    "wrong_choice": Text("This cannot be chosen, please choose one of the list", "没有此选项，请从列表中选择"),
    "wrong_too_long": Text("{count} characters, at most {most} fit here", "共{count}个字符，此处最多{most}个"),
    "wrong_unprintable": Text(
        "It holds characters that cannot be seen, please type it anew", "含有不可见字符，请重新输入"
    ),
    "wrong_number": Text(
        "Not a number, expected one such as 300,000, 30万 or 28.33 billion", "不是数字，应如 300,000、30万 或 283.3亿"
    ),
    "wrong_number_qualified": Text(
        "Please give the bare number and choose “more than” or the like beside it", "请只填数字，“超过”等请在旁边选择"
    ),
    "wrong_number_unit": Text("It says {said}, but this is counted in {unit}", "所填单位为{said}，而此指标以{unit}计"),
    "wrong_percent": Text("Not a percentage, expected one such as -60%", "不是百分比，应如 -60%"),
    "wrong_day": Text("Not a day, expected one such as 2025-07-01", "不是日期，应如 2025-07-01"),
    "wrong_day_far": Text("Expected a day from {first} to {last}", "日期应在{first}年至{last}年之间"),
    "wrong_period": Text(
        "Not a period, expected one such as 2024, 2024-12 or 2024-01..2024-06",
        "不是期间，应如 2024、2024-12 或 2024-01..2024-06",
    ),
    "wrong_email": Text(
        "Not an e-mail address, expected one such as name@example.org", "邮箱格式不对，应如 name@example.org"
    ),
    "wrong_address": Text(
        "Not a web address, expected one that begins with https://", "网址格式不对，应以 https:// 开头"
    ),
    "wrong_slug": Text(
        "Only lower-case letters, digits and single hyphens, such as cargo-2026",
        "只能用小写字母、数字和单个连字符，如 cargo-2026",
    ),
    "wrong_id_taken": Text("There is one of that name already; {other} is free", "该标识已被使用，可用 {other}"),
    "wrong_days": Text("Expected a number of days, such as 31", "应为天数，如 31"),
    "wrong_country": Text("Expected a two-letter country code, such as CN", "应为两位国家代码，如 CN"),
    "wrong_any": Text("any", "不限"),
    "wrong_nothing": Text("Nothing has been changed", "未作任何修改"),
    "wrong_between_two": Text("Both numbers are needed", "上下限均须填写"),
    "wrong_between_order": Text("It has to be larger than the first number", "应大于下限"),
    "wrong_change_none": Text("A change of 0% or below -100% is no goal", "变化为0%或低于-100%不能作为目标"),
    "wrong_baseline_missing": Text(
        "A change by % needs a value to start from; where none is published, say so in a note",
        "“变化（%）”需要基期值；如未公布，请在备注中说明",
    ),
    "wrong_baseline_zero": Text("0 cannot change by a percentage", "基期值为0，无法按百分比变化"),
    "wrong_baseline_inside": Text("The period has to end by the first day", "基期应在起始日之前结束"),
    "wrong_deadline_before_start": Text("The deadline is before the first day", "截止日早于起始日"),
    "wrong_deadline_over": Text("It was over when it was announced", "公布时期限已过"),
    "wrong_deadline_missing": Text("Only steps may go without a deadline", "只有事项类目标可以不设截止日"),
    "wrong_waypoint_outside": Text("Outside the days from first day to deadline", "不在起始日与截止日之间"),
    "wrong_waypoint_order": Text("The points have to be in the order of their days", "节点应按日期先后排列"),
    "wrong_waypoint_beyond": Text("More than the goal itself", "超过了目标值"),
    "wrong_waypoint_falls": Text("Less than the point before, though it adds up", "累计值不应小于前一节点"),
    "wrong_waypoints_missing": Text("Please give at least one point", "请至少填写一个节点"),
    "wrong_steps_missing": Text("Please give at least one step", "请至少填写一项"),
    "wrong_step_twice": Text("An earlier step has this short name", "前面的事项已用此标识"),
    "wrong_step_due_late": Text("After the deadline of the target", "晚于目标的截止日"),
    "wrong_step_due_early": Text("Before the first day of the target", "早于目标的起始日"),
    "wrong_goal_bounds": Text(
        "Outside what this indicator can be ({low} to {high})", "超出该指标的合理范围（{low}至{high}）"
    ),
    "wrong_reason": Text(
        "The promise gets easier to keep ({easier}), please say why", "承诺有所放宽（{easier}），请说明理由"
    ),
    "wrong_effective_before_last": Text(
        "The version before counts from {day}; this one has to come on that day or later",
        "上一版本自{day}起生效，新版本不能早于该日",
    ),
    "wrong_effective_before_announcement": Text(
        "It was announced on {day} and cannot count earlier", "该承诺于{day}公布，不能在此之前生效"
    ),
    "wrong_effective_after_deadline": Text(
        "The deadline is {day}; a change after it would change nothing", "截止日为{day}，此后生效已无意义"
    ),
    "eased_goal": Text("the goal", "目标值"),
    "eased_deadline": Text("the deadline", "截止日"),
    "eased_steps": Text("the steps", "事项"),
    "eased_start": Text("the first day", "起始日"),
    # --- the preview ---
    "preview_title": Text("What would change: {title}", "变更效果：{title}"),
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
    "consequences_heading": Text("What follows from it", "影响"),
    "kept_before": Text("{count} statuses before {day} stay as they were said.", "{day}之前的{count}条状态保持原样。"),
    "kept_before_one": Text("1 status before {day} stays as it was said.", "{day}之前的1条状态保持原样。"),
    "kept_since": Text(
        "{count} said since {day} stay in the history too; the new verdict is added after them.",
        "{day}以来的{count}条状态也保留在历史中，新的结论排在其后。",
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
    # --- two people at once ---
    "clash_title": Text("Somebody was faster: {title}", "已被他人修改：{title}"),
    "clash_changed": Text("The target was changed while you were editing", "您编辑期间，该目标已被修改"),
    "clash_archived": Text("The target was archived while you were editing", "您编辑期间，该目标已被归档"),
    "clash_handed_back": Text(
        "The target was handed back to the file while you were editing", "您编辑期间，该目标已交还配置文件管理"
    ),
    "clash_by": Text("By {who}, {at}.", "操作人：{who}，{at}。"),
    "clash_kept": Text("Nothing you typed is lost, and nothing of it is saved.", "您填写的内容没有丢失，也尚未保存。"),
    "clash_explained": Text(
        "Where both changed the same field, yours is put on top of theirs.", "双方改了同一项时，以您的为准。"
    ),
    "both_changed": Text("both changed it", "双方均已修改"),
    "column_was": Text("When you began", "您打开时"),
    "column_theirs": Text("Theirs", "对方"),
    "column_yours": Text("Yours", "您的"),
    "on_top": Text("Put mine on top of theirs", "在对方的基础上应用我的修改"),
    "on_top_edit": Text("Go on editing on top of theirs", "在对方的基础上继续编辑"),
    "restore_and_go_on": Text("Bring it back and go on", "恢复并继续"),
    "take_over_and_go_on": Text("Take it over and go on", "接管并继续"),
    "give_up_theirs": Text("Give up mine", "放弃我的修改"),
    # --- file or web, archive, undo ---
    "file_managed": Text(
        "The configuration file manages this target, so it can only be read here.",
        "该目标由配置文件管理，此处只能查看。",
    ),
    "take_over": Text("Take over", "接管"),
    "show_yaml": Text("Show as YAML", "查看 YAML"),
    "hand_back": Text("Hand back to the file", "交还配置文件"),
    "edit_archive": Text("Archive", "归档"),
    "undo_link": Text("Undo version {number}", "撤销第{number}版"),
    "hand_take_over": Text("Take over", "接管"),
    "hand_hand_back": Text("Hand back to the file", "交还配置文件"),
    "hand_archive": Text("Archive", "归档"),
    "hand_restore": Text("Bring back", "恢复"),
    "hand_changed": Text(
        "Somebody changed it in the meantime. Please look again before you go on.", "其间已被他人修改，请查看后再继续。"
    ),
    "hand_misfit_file": Text("The configuration file manages this target.", "该目标由配置文件管理。"),
    "hand_misfit_web": Text("The web manages this target, and it is in force.", "该目标由网页管理，且正在生效。"),
    "hand_misfit_archived": Text("This target is archived.", "该目标已归档。"),
    "hand_look": Text("Look at it", "查看"),
    "archived_since": Text("Archived since {day}.", "自{day}起归档。"),
    "field_act_reason": Text("Reason", "理由"),
    "meaning_take_over": Text(
        "From now on it is edited here, and the configuration file is no longer listened to about it: what the file "
        "says of it later is left aside. It can be handed back at any time.",
        "此后在网页上编辑，配置文件对它不再生效：文件中的后续改动将被忽略。可随时交还。",
    ),
    "meaning_hand_back": Text(
        "From the next time the configuration file is applied, the file decides what the target says; what the file "
        "does not have is archived then. A promise made here that the file would write over makes it refuse. Take the "
        "YAML from here into the file first.",
        "下次应用配置文件时，以文件内容为准；文件中没有的目标将被归档。若文件会改写此处已作的承诺，则会被拒绝。"
        "请先将此处的 YAML 写入文件。",
    ),
    "meaning_archive": Text(
        "It is no longer judged, shown or mailed about. Its versions, figures and history stay, and it can be brought "
        "back.",
        "不再评判、展示或发送邮件。其版本、数据与历史都会保留，可随时恢复。",
    ),
    "meaning_restore": Text(
        "It is judged and shown again, as it was when it was archived.", "恢复后重新评判并展示，内容与归档时相同。"
    ),
    "meaning_undo": Text(
        "Version {number} stays in the history. A further version, {next}, says again what version {again} said.",
        "第{number}版保留在历史中，新增第{next}版，内容与第{again}版相同。",
    ),
    "undo_nothing": Text("There is only one version, so there is nothing to undo.", "只有一个版本，没有可撤销的变更。"),
    "undoes_version": Text("undoes version {number}", "撤销第{number}版"),
    "yaml_title": Text("As YAML: {title}", "YAML：{title}"),
    "yaml_text": Text(
        "What the configuration file says, or would say, of this target; by itself it is a whole file.",
        "配置文件中该目标的写法；可单独作为完整文件使用。",
    ),
    "yaml_download": Text("Download", "下载"),
    "done_target_taken_over": Text("Taken over: it can be edited now.", "已接管，现可编辑。"),
    "done_target_handed_back": Text("Handed back to the configuration file.", "已交还配置文件。"),
    "done_target_archived": Text("Archived.", "已归档。"),
    "done_target_restored": Text("Brought back.", "已恢复。"),
    "done_target_undone": Text("Undone, by a further version.", "已撤销，并生成新版本。"),
    # --- a new target ---
    "new_title": Text("New target", "新建目标"),
    "new_lead": Text("What kind of promise is it?", "这是哪一类承诺？"),
    "see_new": Text("See how it would stand", "查看评判效果"),
    "indicator_heading": Text("What is measured", "衡量什么"),
    "kind_begin": Text("Begin", "开始填写"),
    "kind_flow": Text("A total over a time", "一段时间的累计总量"),
    "kind_level": Text("A level by a day", "某日应达到的水平"),
    "kind_relative": Text("A change against before", "相对基期的变化"),
    "kind_milestones": Text("Steps to be done", "要完成的事项"),
    "kind_text_flow": Text("Figures add up from the first day to the deadline.", "从起始日到截止日，数据逐期累加。"),
    "kind_text_level": Text(
        "The figure stands somewhere on every day; what counts is where it stands at the deadline.",
        "数据在每个时点都有一个水平，以截止日的水平为准。",
    ),
    "kind_text_relative": Text(
        "The goal is a percentage more or less than a figure from before.", "目标是比基期增加或减少某一百分比。"
    ),
    "kind_text_milestones": Text("Each step is done or not, by its day.", "每个事项到期完成或未完成。"),
    "kind_example_flow": Text("“exceed 270,000 TEUs in cargo volume” in 2025.", "例：2025年运量“超过27万标箱”。"),
    "kind_example_level": Text("“a digital share of 60 % by the end of 2027”.", "例：“到2027年底数字化占比达到60%”。"),
    "kind_example_relative": Text(
        "“Logistics costs will be reduced by 20 %” from 2022 to 2027.", "例：2022年至2027年“物流成本降低20%”。"
    ),
    "kind_example_milestones": Text(
        "“regular service to Jakarta, Haiphong, Ho Chi Minh City” by the end of 2025.",
        "例：2025年底前“开通雅加达、海防、胡志明市常态化线路”。",
    ),
    "kind_read_flow": Text(
        "Goal: more than 270,000; first day 1 January, deadline 31 December 2025; the path as in earlier years.",
        "目标值：超过270,000；起始日1月1日，截止日2025年12月31日；计划进度参照往年。",
    ),
    "kind_read_level": Text(
        "Goal: at least 60; deadline 31 December 2027; the figure before as where it stood.",
        "目标值：不低于60；截止日2027年12月31日；此前的数值填作基期值。",
    ),
    "kind_read_relative": Text(
        "Goal: changed by -20%; where it stood before: 100 in 2022.", "目标值：变化 -20%；基期值：2022年为100。"
    ),
    "kind_read_milestones": Text(
        "Three steps, each with a name in both languages; a day of its own only where one was announced.",
        "三个事项，各有中英文名称；仅在公布了单独期限时填写期限。",
    ),
    "help_indicator": Text(
        "What the figures are about. Several targets can stand on one indicator.",
        "数据所衡量的内容。多个目标可共用一个指标。",
    ),
    "help_id": Text(
        "Used in addresses and by programs; it cannot be changed later. Left empty, it is made from the English title.",
        "用于网址与程序，之后不能更改。不填则由英文名称生成。",
    ),
    "help_announced_new": Text(
        "The target exists from the day it was announced; nothing is said of it for days before.",
        "目标自公布之日起存在，此前不作评判。",
    ),
    "paste_yaml": Text("Paste YAML", "粘贴 YAML"),
    "archived_heading": Text("Archived", "已归档"),
    "field_yaml": Text("YAML text", "YAML 文本"),
    "help_yaml": Text(
        "One target, a list of them, or a whole file with what they stand on; as in the configuration file. What is "
        "there already is named by its id.",
        "一个目标、多个目标的列表，或包含相关指标的完整文件，写法与配置文件相同。已有的内容用其标识引用。",
    ),
    "yaml_example": Text("An example", "示例"),
    "yaml_line": Text("line {line}", "第{line}行"),
    "yaml_marked": Text("Where the problems are", "问题所在"),
    "yaml_whole": Text(
        "Everything can be read: {count} new. Nothing is saved yet.", "全部可以读取：新增{count}个目标，尚未保存。"
    ),
    "wrong_meanwhile": Text(
        "Something of it was saved by somebody else in the meantime, please look again",
        "其中有内容已被他人保存，请重新查看",
    ),
    "done_target_new": Text("Saved: a new target.", "已保存：新目标。"),
}
