"""A new target, from a template or from pasted YAML."""

from __future__ import annotations

from targetwatch.model import Text

_PROMISE = """\
id: cargo-2026
indicator: ilstc-volume
title: {en: Cargo in 2026, zh: 2026年货运量}
owner: port-and-logistics-office
goal: {above: 350000}
start: 2026-01-01
deadline: 2026-12-31
plan: seasonal"""

PHRASES: dict[str, Text] = {
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
        "Goal: changed by -20%; where it stood before: 100 in 2022.", "目标值：下降20%；基期值：2022年为100。"
    ),
    "kind_read_milestones": Text(
        "Three steps, each with its name; a day of its own only where one was announced.",
        "三个事项，各有名称；仅在公布了单独期限时填写期限。",
    ),
    "help_indicator": Text(
        "What the figures are about. Several targets can stand on one indicator.",
        "数据所衡量的内容。多个目标可共用一个指标。",
    ),
    "help_id": Text(
        "Used in addresses and by programs; it cannot be changed later. Left empty, it is made from the title, and you "
        "see it before anything is saved.",
        "用于网址与程序，之后不能更改。不填则由名称生成，保存前可以看到。",
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
    "yaml_example_text": Text(
        f"""{_PROMISE}
announcement:
  by: Chongqing Municipal Government
  on: 2026-01-25
  quote: more than 350,000 TEU""",
        f"""{_PROMISE}
announcement:
  by: 重庆市人民政府
  on: 2026-01-25
  quote: 运量超过35万标箱""",
    ),
    "yaml_of_target": Text("target ", "目标"),
    "yaml_of_indicator": Text("indicator ", "指标"),
    "yaml_of_programme": Text("programme ", "项目"),
    "yaml_of_publisher": Text("publisher ", "统计方"),
    "yaml_of_owner": Text("owner ", "责任单位"),
    "yaml_key_of": Text(", ", "的"),
    "yaml_wrong_unknown_key": Text("unknown key", "没有这个键"),
    "yaml_wrong_missing": Text("missing", "缺少此项"),
    "yaml_wrong_none": Text("no such name", "没有此标识对应的内容"),
    "yaml_wrong_taken": Text("id taken", "标识已被使用"),
    "yaml_wrong_day": Text("not a day", "日期有误，应如 2025-12-31"),
    "yaml_wrong_separators": Text("thousands separators", "数字中不能有千位分隔符"),
    "yaml_wrong_number": Text("not a number", "不是数字，应如 270000 或 21.3"),
    "yaml_wrong_percent": Text("not a percentage", "百分比写法有误，应如 -60%"),
    "yaml_wrong_there": Text("described otherwise", "已有同名内容且说法不同，请只写标识"),
    "yaml_wrong_syntax": Text("not valid YAML", "不符合 YAML 语法"),
    "yaml_wrong_other": Text("wrong", "内容有误"),
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
