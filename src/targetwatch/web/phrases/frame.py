"""What stands around every page, what is said of data wherever it stands, and the bars."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    # --- around every page ---
    "product": Text("targetwatch", "目标追踪"),
    "motto": Text("What was promised, and how it stands", "承诺了什么，进展如何"),
    "skip": Text("Skip to the content", "跳到正文"),
    "home": Text("All targets", "全部目标"),
    "other_language": Text("中文", "English"),
    "other_language_label": Text("阅读中文版", "Read in English"),
    "as_of_label": Text("As known on", "截至"),
    "as_of_show": Text("Show", "查看"),
    "as_of_form": Text("Look at another day", "查看其他日期"),
    "as_of_now": Text("Back to today", "返回今日"),
    "past_banner": Text(
        "You are looking at the past: everything here is as it was known at the end of {day}.",
        "这是过去的视图：此处一切均为{day}当天结束时所知。",
    ),
    "recorded_banner": Text(
        "Only what this installation had recorded by then is counted.", "仅计入本系统届时已录入的数据。"
    ),
    "frozen_banner": Text(
        "Simulated clock: this service stands still at the end of {day}. Nothing here is today's.",
        "模拟时钟：本服务停留在{day}当天结束时，所示并非今日情况。",
    ),
    "replay_banner": Text(
        "Simulated clock: {first} to {last} is being lived again, one day every {seconds} seconds. It is now {day}.",
        "模拟时钟：正在重演{first}至{last}，每{seconds}秒一天。现在是{day}。",
    ),
    "replay_over": Text(
        "Simulated clock: the replay of {first} to {last} has come to its last day and stands still there.",
        "模拟时钟：{first}至{last}的重演已到最后一天并停止。",
    ),
    "footer_as_of": Text("Verdicts as of {day}, taken {moment}", "评判截至{day}，生成于{moment}"),
    "footer_data": Text("Data for programs", "数据接口"),
    "footer_api": Text("JSON API", "JSON 接口"),
    "footer_metrics": Text("Prometheus metrics", "Prometheus 指标"),
    "semicolon": Text("; ", "；"),
    "comma": Text(", ", "、"),
    "colon": Text(": ", "："),
    "stop": Text(".", "。"),
    "new_window": Text("opens another site", "打开外部网站"),
    # --- data state, apart from performance ---
    "data_none": Text("no figure yet", "尚无数据"),
    "data_through": Text("figures to {day}", "数据截至{day}"),
    "data_late": Text("the next was due {day}, {days} days late", "下一期应于{day}公布，已迟{days}天"),
    "data_due": Text("the next has been due since {day}", "下一期自{day}起应公布"),
    "data_first_due": Text("the first was due {day}", "首期应于{day}公布"),
    "data_next": Text("the next is due {day}", "下一期应于{day}公布"),
    "data_closed": Text("no further figure is expected", "不再有后续数据"),
    "data_heading": Text("Data", "数据"),
    "rounded": Text("{amount} (± {width})", "{amount}（±{width}）"),
    "qualifier_about": Text("about {amount}", "约{amount}"),
    "qualifier_over": Text("over {amount}", "超过{amount}"),
    "basis_period": Text("in the period", "当期"),
    "basis_year_to_date": Text("year to date", "年初累计"),
    "basis_since_start": Text("since the start", "启动以来累计"),
    "basis_point": Text("on the day", "时点"),
    "basis_event": Text("reported", "已报告"),
    # --- bars ---
    "bar_label": Text(
        "{progress} of the goal; the plan expected {expected} by then", "完成目标的{progress}；按计划届时应为{expected}"
    ),
    "bar_label_short": Text("{progress} of the goal", "完成目标的{progress}"),
    "bar_none": Text("no figure yet", "尚无数据"),
    "bar_legend": Text(
        "bar: actual; tick: plan at that day; line at the end: goal", "色条：实际；刻线：当日计划；末端竖线：目标"
    ),
    "steps_label": Text("{done} of {total} steps done", "{total}项中完成{done}项"),
}
