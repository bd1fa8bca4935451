"""Held readings: why each is held, what it would change, what was decided."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "held_title": Text("Held readings", "待核实数据"),
    "held_lead": Text(
        "A figure that looks wrong is kept out of every verdict until a person decides. The last good one stays in "
        "force.",
        "看起来有误的数据在人工确认之前不计入任何评判，此前的可靠数据继续有效。",
    ),
    "held_tab_waiting": Text("Waiting", "待处理"),
    "held_tab_decided": Text("Decided", "已处理"),
    "held_tabs": Text("Which readings", "选择数据"),
    "held_none": Text("Nothing is waiting.", "没有待核实的数据。"),
    "held_none_decided": Text("Nothing has been decided yet.", "尚无已处理的数据。"),
    "held_number": Text("Held no. {number}", "待核实第{number}号"),
    "held_why": Text("Why it is held", "为何待核实"),
    "held_since": Text("held since {moment}", "自{moment}起"),
    "held_from": Text("came from", "来自"),
    "held_published_not": Text("publication date not given", "未注明公布日期"),
    "held_published_on": Text("published {day}", "{day}公布"),
    "held_against": Text("Against what is in force", "与现行数据对照"),
    "held_against_none": Text(
        "Nothing of this publisher is in force to compare it with.", "该统计方尚无可供对照的有效数据。"
    ),
    "held_compared": Text("Compared with", "对照对象"),
    "held_compared_self": Text("This figure", "本数据"),
    "held_compared_fact": Text("What it would revise", "将被其修订的数据"),
    "held_compared_year_before": Text("The same period a year before", "上年同期"),
    "held_compared_year_after": Text("The same period a year after", "下年同期"),
    "held_compared_near": Text("The last good figure", "最近的可靠数据"),
    "held_ratio": Text("This figure is", "本数据为其"),
    "held_times": Text("{times} times it", "{times}倍"),
    "held_effects": Text("What it would change", "采用后的影响"),
    "held_effects_target": Text("Target", "目标"),
    "held_effects_now": Text("Now", "目前"),
    "held_effects_then": Text("If accepted", "采用后"),
    "held_effects_same": Text("no change", "不变"),
    "held_effects_none": Text("No target depends on it.", "没有目标依赖该数据。"),
    "held_effects_later": Text(
        "It counts from its day of publication on, so nothing changes today.",
        "数据自公布之日起计入，因此今日不会有变化。",
    ),
    "held_effects_beside": Text(
        "Targets are judged by another publisher's count: this one is shown beside it.",
        "目标以另一统计方的数据为准，本数据仅并列展示。",
    ),
    "held_not_judged": Text("could not be judged", "无法评判"),
    "held_note": Text("Note", "说明"),
    "held_note_help": Text(
        "Needed to reject; kept in the audit trail with your name.", "驳回时必填；将连同您的姓名记入审计记录。"
    ),
    "held_note_example": Text("confirmed by telephone with the port office", "已电话向口岸物流办核实"),
    "held_note_needed": Text(
        "A rejection needs a reason: say why the figure is wrong.", "驳回须说明理由：请写明数据有何错误。"
    ),
    "held_note_long": Text(
        "The note has {count} characters, expected at most {most}.", "说明共{count}个字符，最多{most}个。"
    ),
    "held_accept": Text("Accept", "采用"),
    "held_accept_yet": Text("Accept after all", "改为采用"),
    "held_reject": Text("Reject", "驳回"),
    "held_why_not_unit": Text(
        "It counts another unit than its indicator, so it cannot be accepted: reject it and enter it again in the "
        "indicator's unit.",
        "其单位与指标单位不符，不能采用：请驳回，并以指标单位重新录入。",
    ),
    "held_accepted": Text("accepted", "已采用"),
    "held_rejected": Text("rejected", "已驳回"),
    "held_accepted_by": Text("Accepted by {who}, {moment}", "{who} 于{moment}采用"),
    "held_rejected_by": Text("Rejected by {who}, {moment}", "{who} 于{moment}驳回"),
    "held_as_reading": Text("as figure no. {number}", "存为第{number}号数据"),
    "held_conflict_title": Text("Somebody else has decided already", "已有他人先作处理"),
    "held_conflict": Text(
        "Held reading {number} was {status} by {who}, {moment}. Nothing was changed by you.",
        "第{number}号待核实数据已由 {who} 于{moment}处理（{status}）。您的操作未生效。",
    ),
    "held_pages_of": Text("{first} to {last} of {total}", "第{first}至{last}条，共{total}条"),
    "held_conflict_note": Text("Your note, which was not saved:", "您的说明（未保存）："),
    "held_viewer": Text("An editor decides; your account may look.", "由编辑人员处理；您的账户仅可查看。"),
    "actor_of_cli": Text("{name} (command line)", "{name}（命令行）"),
    "actor_of_ingest": Text("source {name}", "数据来源{name}"),
    "actor_of_api": Text("{name} (API)", "{name}（接口）"),
    "actor_of_oidc": Text("{name} (signing in elsewhere)", "{name}（外部登录）"),
    "actor_token": Text("{name}, by token {number}", "{name}（令牌{number}）"),
    "actor_token_titled": Text("{name}, by token {number} “{title}”", "{name}（令牌{number}“{title}”）"),
    "actor_service": Text("the service itself", "系统"),
    "actor_serve": Text("the service at its start", "系统（启动时）"),
    "actor_reload": Text("the configuration files", "配置文件"),
    "actor_api": Text("the API", "接口"),
    "done_accepted": Text("The figure is accepted and counts from now on.", "数据已采用，即时计入。"),
    "done_rejected": Text("The figure is rejected and stays out.", "数据已驳回，不予计入。"),
}
