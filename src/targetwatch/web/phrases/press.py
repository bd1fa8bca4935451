"""Reading figures out of a press sentence."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "press_title": Text("Paste a press sentence", "粘贴新闻语句"),
    "press_lead": Text(
        "Paste a sentence or a paragraph, Chinese or English. What it says is marked and proposed; "
        "nothing is saved before you have looked at it.",
        "粘贴一句或一段中文、英文报道，系统会标出识别到的内容并给出录入建议；在您核对之前，不会保存任何内容。",
    ),
    "press_text": Text("The text", "报道原文"),
    "press_published_on": Text("Published on", "公布日期"),
    "press_published_help": Text(
        "“This year” and “January to March” are counted from this day.", "“今年”“1—3月”等按此日期推算年份。"
    ),
    "press_publisher": Text("Whose count it is", "统计方"),
    "press_publisher_empty": Text("The indicator's own publisher", "指标的权威统计方"),
    "press_link": Text("Link", "网址"),
    "press_read": Text("Read it", "识别"),
    "press_form_again": Text("The text, to change it", "修改原文"),
    "press_marked": Text("What was read", "识别到的内容"),
    "press_marked_help": Text("The numbers are those of the figures below.", "数字对应下方的各项数据。"),
    "press_found_one": Text("1 figure", "1项数据"),
    "press_found": Text("{count} figures", "{count}项数据"),
    "press_nothing": Text(
        "No figure of a known indicator is in this text. If it should be, enter it by hand.",
        "这段文字中没有识别到已有指标的数据。如确有数据，请手工录入。",
    ),
    "press_left": Text("{count} more figures are not shown; paste less at once.", "另有{count}项未显示，请分段粘贴。"),
    "press_by_hand": Text("Enter a figure by hand", "手工录入"),
    "press_unknown_indicator": Text("Indicator not recognised", "未识别出指标"),
    "press_likely": Text("likely", "较有把握"),
    "press_possible": Text("possible", "可能"),
    "press_doubtful": Text("doubtful", "存疑"),
    "press_field_period": Text("Period", "期间"),
    "press_field_basis": Text("It counts", "口径"),
    "press_field_value": Text("Figure", "数值"),
    "press_field_yoy": Text("On a year before", "同比"),
    "press_field_qualifier": Text("Said as", "精确程度"),
    "press_field_rounding": Text("Rounded to within", "四舍五入误差"),
    "press_field_published": Text("Published", "公布日期"),
    "press_exact": Text("exactly", "精确"),
    "press_about": Text("about", "约"),
    "press_over": Text("more than", "超过"),
    "press_inferred": Text("inferred", "推断"),
    "press_from": Text("from “{words}”", "取自“{words}”"),
    "press_others": Text("Or is it", "也可能是"),
    "press_new": Text("Would be saved as new.", "将作为新数据保存。"),
    "press_revised": Text("Would be saved as a newer version of a figure on record.", "将作为已有数据的新版本保存。"),
    "press_known": Text("Is on record already.", "已有相同数据。"),
    "press_held": Text("Would be held until somebody accepts it:", "将被暂存待核实："),
    "press_rejected": Text("Was rejected before:", "此前已被驳回："),
    "press_not_yet": Text("Still needed before it can be saved:", "保存前还需补充："),
    "press_enter": Text("Enter this figure", "录入此数据"),
    "press_enter_anyway": Text("Check and enter", "核对后录入"),
    "press_text_needed": Text("Paste a sentence first.", "请先粘贴一句报道。"),
    "press_text_long": Text(
        "{count} characters are too many, expected at most {most}: paste the sentences with the figures.",
        "共{count}个字符，超出上限{most}，请只粘贴含数据的句子。",
    ),
    "press_day_wrong": Text(
        "“{said}” is no day, expected one such as 2025-12-09.", "“{said}”不是日期，应如2025-12-09。"
    ),
    "press_publisher_unknown": Text(
        "“{said}” is no publisher known here, expected one of the list.",
        "没有名为“{said}”的统计方，请从列表中选择。",
    ),
    "press_link_wrong": Text(
        "“{said}” is no link, expected one starting with https:// or http://, of at most {most} characters.",
        "“{said}”不是网址，应以https://或http://开头，最多{most}个字符。",
    ),
}
