"""What is wrong with the form of a target."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "wrong_empty": Text("Nothing stands here, please fill it in", "此处未填写，请补充"),
    "wrong_empty_both": Text("Please fill in at least one of the two languages", "请至少填写一种语言"),
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
    "wrong_number_unit_none": Text(
        "It says {said}, but what this is counted in is not known yet: choose the indicator, or give its unit, first",
        "所填单位为{said}，但尚未选择指标或填写单位，请先选择或填写",
    ),
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
}
