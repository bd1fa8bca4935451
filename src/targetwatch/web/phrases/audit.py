"""The audit trail in words: who did what, to which object, from which values to which."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "audit_title": Text("Audit trail", "审计记录"),
    "audit_lead": Text(
        "Who changed what, when, from what to what, and why. Nothing here is ever changed or deleted.",
        "谁在什么时候改了什么、改前改后各是什么、为什么改。此处记录不可更改或删除。",
    ),
    "audit_filters": Text("Look for", "筛选"),
    "audit_filter_kind": Text("Kind", "类别"),
    "audit_filter_all": Text("all kinds", "全部类别"),
    "audit_filter_object": Text("Object", "对象"),
    "audit_filter_person": Text("Person or source", "人员或来源"),
    "audit_filter_since": Text("From", "起始日期"),
    "audit_filter_until": Text("To", "截止日期"),
    "audit_filter_words": Text("Words", "关键词"),
    "audit_filter_show": Text("Show", "查看"),
    "audit_filter_clear": Text("Show everything", "查看全部"),
    "audit_bad_day": Text(
        "“{said}” is no day, expected one such as 2025-07-01.", "“{said}”不是日期，应形如2025-07-01。"
    ),
    "audit_bad_order": Text("The first day comes after the last one.", "起始日期晚于截止日期。"),
    "audit_bad_kind": Text("“{said}” is no kind of object, so all are shown.", "没有“{said}”这一类别，已显示全部。"),
    "audit_none": Text("Nothing was found.", "没有找到记录。"),
    "audit_entries": Text("Entries", "记录"),
    "audit_before": Text("Before", "之前"),
    "audit_after": Text("After", "之后"),
    "audit_value": Text("Value", "内容"),
    "audit_field": Text("Field", "项目"),
    "audit_both": Text("Before and after", "前后对照"),
    "audit_values": Text("Values", "内容"),
    "audit_batch": Text("The readings", "数据明细"),
    "audit_batch_first": Text("The first {count} of {total}", "前{count}条，共{total}条"),
    "audit_because": Text("Reason", "理由"),
    "audit_newer": Text("Newer", "较新"),
    "audit_older": Text("Older", "较早"),
    "audit_newest": Text("Newest", "最新"),
    "audit_csv": Text("Download as CSV", "下载 CSV"),
    "audit_number": Text("no. {number}", "第{number}号"),
    "audit_hidden": Text("(hidden)", "（已隐藏）"),
    "audit_yes": Text("yes", "是"),
    "audit_no": Text("no", "否"),
    "audit_empty": Text("empty", "空"),
    # --- the columns of the export ---
    "csv_number": Text("number", "编号"),
    "csv_when": Text("time ({zone})", "时间（{zone}）"),
    "csv_who": Text("who", "人员"),
    "csv_action": Text("action", "操作"),
    "csv_kind": Text("kind", "类别"),
    "csv_object": Text("object", "对象"),
    "csv_what": Text("what", "内容"),
    "csv_reason": Text("reason", "理由"),
    "csv_before": Text("before", "之前"),
    "csv_after": Text("after", "之后"),
    "csv_at": Text("time (UTC)", "时间（UTC）"),
    "csv_actor": Text("actor", "操作者标识"),
    "csv_columns_before": Text("columns before (JSON)", "之前的字段（JSON）"),
    "csv_columns_after": Text("columns after (JSON)", "之后的字段（JSON）"),
    "csv_hash": Text("hash", "哈希值"),
    "csv_action_add": Text("added", "新增"),
    "csv_action_change": Text("changed", "更改"),
    "csv_action_delete": Text("deleted", "删除"),
    # --- reasons that nobody wrote ---
    "reason_pasted": Text("pasted table of {count} rows", "粘贴的表格，共{count}行"),
    "reason_reset": Text("password reset", "重置密码"),
    "reason_new_password": Text("new password", "修改密码"),
    "reason_first_password": Text("first password", "首次设置密码"),
    # --- the chain ---
    "chain_title": Text("Has anything been altered?", "记录是否被改动"),
    "chain_verify": Text("Check the whole trail", "检查全部记录"),
    "chain_not_yet": Text("Not checked since this service started.", "本次服务启动以来尚未检查。"),
    "chain_under_way": Text("Being checked; look again in a moment.", "正在检查，请稍后刷新。"),
    "chain_good": Text(
        "Checked {moment} by {who}: {count} entries, nothing altered.",
        "{moment}由 {who} 检查：{count}条记录，未被改动。",
    ),
    "chain_bad": Text(
        "Checked {moment} by {who}: {count} entries, {problems} problems.",
        "{moment}由 {who} 检查：{count}条记录，发现{problems}个问题。",
    ),
    "chain_bad_one": Text(
        "Checked {moment} by {who}: {count} entries, one problem.",
        "{moment}由 {who} 检查：{count}条记录，发现1个问题。",
    ),
    "chain_failed": Text(
        "It could not be checked ({moment}); the log says more.", "检查未能完成（{moment}），详见日志。"
    ),
    "chain_head": Text("Fingerprint", "指纹"),
    "chain_head_help": Text(
        "of all entries (the head of their hash chain): noted elsewhere, it shows whether all was rewritten",
        "全部记录的指纹（哈希链首）：另行保存，可发现整体改写",
    ),
    "chain_more": Text("and {count} more", "另有{count}个"),
    # --- what was done ---
    "audit_said_reading": Text("{who} recorded {reading}", "{who} 录入数据：{reading}"),
    "audit_said_readings": Text(
        "{who} recorded {count} readings, numbers {first} to {last}", "{who} 录入{count}条数据（第{first}至{last}号）"
    ),
    "audit_said_withdraw": Text(
        "{who} withdrew figure no. {number}: {reading}", "{who} 撤回第{number}号数据：{reading}"
    ),
    "audit_said_restore": Text(
        "{who} put figure no. {number} back in force: {reading}", "{who} 恢复第{number}号数据：{reading}"
    ),
    "audit_said_held": Text("{who} brought a reading that is held: {reading}", "{who} 提交的数据待核实：{reading}"),
    "audit_said_accepted": Text("{who} accepted a held reading: {reading}", "{who} 采用待核实数据：{reading}"),
    "audit_said_rejected": Text("{who} rejected a held reading: {reading}", "{who} 驳回待核实数据：{reading}"),
    "audit_said_promise": Text("{who} entered the promise of {object}: {goal}", "{who} 录入{object}的承诺：{goal}"),
    "audit_said_goal": Text(
        "{who} changed the goal of {object}: {before} → {after}, from {day}",
        "{who} 将{object}的目标值由{before}改为{after}，自{day}起",
    ),
    "audit_said_version": Text(
        "{who} changed {fields} of {object}, from {day}", "{who} 更改了{object}的{fields}，自{day}起"
    ),
    "audit_said_version_same": Text(
        "{who} entered version {number} of {object} anew, from {day}", "{who} 重新录入{object}的第{number}版，自{day}起"
    ),
    "audit_said_correction": Text(
        "{who} corrected {fields} of {object} (version {number})", "{who} 更正了{object}的{fields}（第{number}版）"
    ),
    "audit_said_add": Text("{who} added the {kind} {object}", "{who} 新增{kind}：{object}"),
    "audit_said_change": Text("{who} changed {fields} of the {kind} {object}", "{who} 更改了{kind}{object}的{fields}"),
    "audit_said_change_one": Text(
        "{who} changed {fields} of the {kind} {object}: {before} → {after}",
        "{who} 将{kind}{object}的{fields}由{before}改为{after}",
    ),
    "audit_said_saved": Text("{who} saved the {kind} {object}", "{who} 保存了{kind}{object}"),
    "audit_said_delete": Text("{who} deleted the {kind} {object}", "{who} 删除{kind}：{object}"),
    "audit_said_archive": Text("{who} archived the {kind} {object}", "{who} 归档{kind}：{object}"),
    "audit_said_unarchive": Text("{who} brought the {kind} {object} back", "{who} 恢复{kind}：{object}"),
    "audit_said_take_over": Text(
        "{who} took the {kind} {object} over from the file", "{who} 将{kind}{object}改由网页管理"
    ),
    "audit_said_hand_back": Text(
        "{who} handed the {kind} {object} back to the file", "{who} 将{kind}{object}交还配置文件管理"
    ),
    "audit_said_account": Text("{who} opened an account for {object} ({role})", "{who} 为{object}开设账户（{role}）"),
    "audit_said_password": Text("{who} changed the password of {object}", "{who} 更改了{object}的密码"),
    "audit_said_close": Text("{who} closed the account of {object}", "{who} 停用了{object}的账户"),
    "audit_said_reopen": Text("{who} reopened the account of {object}", "{who} 重新启用了{object}的账户"),
    "audit_said_token": Text("{who} made the token “{title}” of {account}", "{who} 为{account}创建令牌“{title}”"),
    "audit_said_revoke": Text("{who} revoked token {object}", "{who} 吊销令牌{object}"),
    "audit_reading": Text(
        "{indicator}, {value}, {period} ({basis}), published {day}",
        "{indicator}，{value}，{period}（{basis}），{day}公布",
    ),
    "audit_reading_undated": Text(
        "{indicator}, {value}, {period} ({basis})", "{indicator}，{value}，{period}（{basis}）"
    ),
    "audit_no_reading": Text("figure no. {number}", "第{number}号数据"),
    # --- kinds ---
    "audit_kind_account": Text("account", "账户"),
    "audit_kind_held": Text("held reading", "待核实数据"),
    "audit_kind_indicator": Text("indicator", "指标"),
    "audit_kind_owner": Text("owner", "责任方"),
    "audit_kind_programme": Text("programme", "项目"),
    "audit_kind_publisher": Text("publisher", "统计方"),
    "audit_kind_reading": Text("reading", "数据"),
    "audit_kind_source": Text("source", "数据来源"),
    "audit_kind_target": Text("target", "目标"),
    "audit_kind_target_version": Text("version of a target", "目标版本"),
    "audit_kind_token": Text("token", "令牌"),
    "audit_kind_withdrawal": Text("withdrawal", "撤回"),
}
