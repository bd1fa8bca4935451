"""The Chinese of every sentence that says why a figure cannot be read, or is held: its pattern, and the Chinese."""

from __future__ import annotations

CHINESE: tuple[tuple[str, str], ...] = (
    # --- a row's fields ---
    (r"is empty, expected a value", "此项必填。"),
    (
        r"a year-to-date starts on 1 January, not on (?P<day>\S+), expected (?P<period>.+)",
        "年初累计应从1月1日起，而不是{day}；应为 {period}。",
    ),
    (
        r"'(?P<one>[^']*)': is not written as the value '(?P<other>[^']*)' is, expected the same unit",
        "“{one}”与数值“{other}”的单位不一致，应使用相同单位。",
    ),
    (
        r"'(?P<one>[^']*)': '(?P<other>[^']*)' is printed to within (?P<width>\S+), expected no less",
        "“{one}”过小：“{other}”的印刷精度为±{width}，不应小于此值。",
    ),
    (
        r"says (?P<one>\w+), but the value '(?P<other>[^']*)' says (?P<two>\w+), expected one of the two",
        "此处为“{one}”，但数值“{other}”写的是“{two}”，两者应一致。",
    ),
    (
        r"'(?P<said>[^']*)': expected one of (?P<names>[^;]*?)(?:; did you mean (?P<near>.+)\?)?",
        "“{said}”无法识别，应为：{names}。",
    ),
    (r"'(?P<said>[^']*)': expected yes or no", "“{said}”无法识别，应为“是”或“否”。"),
    (r"is no day, expected one such as (?P<day>\S+)", "不是日期，应形如 {day}。"),
    (
        r"is no web address, expected one starting with https:// or http://",
        "不是网址，应以 https:// 或 http:// 开头。",
    ),
    (r"has (?P<count>\S+) characters, expected at most (?P<most>\S+)", "有{count}个字符，最多{most}个。"),
    # --- names ---
    (r"'(?P<said>[^']*)': not found; did you mean (?P<near>.+)\?", "没有“{said}”，是否指 {near}？"),
    (r"'(?P<said>[^']*)': not found; there are: (?P<names>.+)", "没有“{said}”，可选：{names}。"),
    (r"'(?P<said>[^']*)': not found", "没有“{said}”。"),
    (
        r"'(?P<said>[^']*)': is computed, expected readings of (?P<names>.+) instead",
        "“{said}”由其他指标计算得出，请录入 {names} 的数据。",
    ),
    (r"is empty, expected one of (?P<names>.+)", "此项必填，可选：{names}。"),
    (r"'(?P<said>[^']*)': (?P<name>\S+) has no steps, expected none", "{name} 没有事项，“{said}”应留空。"),
    # --- numbers ---
    (r"spells the percentage out, .+", "百分比用了文字，请用数字，如 64.7 %。"),
    (r"is in scientific notation, .+", "用了科学记数法，会丢失位数，请写出全部数字。"),
    (r"says a fall in words, expected a sign: -3\.5 %", "用文字表示下降，请用负号，如 -3.5 %。"),
    (r"says a rise in words, expected the bare rate: 28 %", "用文字表示增长，请只写增速，如 28 %。"),
    (r"is a range, expected one figure", "是一个范围，请只写一个数值。"),
    (r"has a sign of both yuan and yen, expected CNY or JPY", "中的“¥”既可指人民币也可指日元，请写明 CNY 或 JPY。"),
    (
        r"ends in a letter that may be a magnitude or a unit, .+",
        "末尾的字母可能是数量级也可能是单位，请写明，如 million。",
    ),
    (r"starts with a zero, .+", "以0开头，应形如 154600 或 0.5。"),
    (
        r"has a mark that may part thousands or decimals, .+",
        "中的分隔符可能是千位也可能是小数点，应写作 1234 或 1.23。",
    ),
    (r"has no digits, expected one such as 27万", "没有阿拉伯数字，应形如 27万。"),
    (
        r"is not a number, expected a figure such as .+",
        "不是数字，应为 154,600、6.4万、28.33 billion yuan 这样的数值。",
    ),
    (r"ends in '(?P<rest>[^']*)', expected the figure whole", "以“{rest}”结尾，数值似乎不完整。"),
    (
        r"goes on with '(?P<rest>.*)' after '(?P<read>[^']*)', expected one figure",
        "在“{read}”之后还有“{rest}”，请只写一个数值。",
    ),
    (
        r"has '(?P<rest>.*)' after '(?P<read>[^']*)', which is no unit known here; .+",
        "在“{read}”之后的“{rest}”不是已知单位；请使用已知单位，或把单位单独填写。",
    ),
    (r"has (?P<count>\d+) digits, expected at most (?P<most>\d+)", "有{count}位数字，最多{most}位。"),
    (r"mixes magnitudes out of order, expected one such as 27万2300", "的数量级顺序有误，应形如 27万2300。"),
    (r"names two units, (?P<one>.+) and (?P<two>.+), expected one", "写了两个单位（{one}、{two}），请只写一个。"),
    (r"is a rate without a percent sign, expected one such as 28 %", "是没有百分号的增速，应形如 28 %。"),
    (r"is an inexact rate, expected the bare rate, .+", "是不精确的增速，请只写增速，如 28 %，或留空。"),
    (r"says (?P<one>.+), the unit field counts (?P<two>.+)", "的单位是{one}，而“单位”一栏为{two}。"),
    (r"says (?P<one>.+), the indicator counts (?P<two>.+)", "数值的单位是{one}，而该指标按{two}计。"),
    # --- periods ---
    (
        r"cannot be read, expected one such as 2025, .+",
        "不是可识别的期间，应形如 2025年1—10月、2025-01..2025-10、2025Q3 或 2025。",
    ),
    (r"there is no month (?P<month>\d+)(?:, expected .+)?", "：没有{month}月。"),
    (r"there is no day (?P<day>\S+)(?:, expected .+)?", "：没有 {day} 这一天。"),
    (r"month (?P<one>\d+) comes before month (?P<two>\d+)(?:, expected .+)?", "：{one}月早于{two}月。"),
    (r"a year has no half (?P<half>\d)(?:, expected .+)?", "：一年只有两个半年。"),
    (
        r"the year (?P<year>\d+) is not between (?P<one>\d+) and (?P<two>\d+)(?:, expected .+)?",
        "：年份应在{one}至{two}之间。",
    ),
    (r"ends on (?P<one>\S+), before it starts on (?P<two>\S+)", "：结束日期 {one} 早于开始日期 {two}。"),
    # --- why a reading is held ---
    (
        r"A (?P<measure>\w+) is reported as (?P<names>.+), but this reading says (?P<basis>\w+)\.",
        "此类指标（{measure}）的口径应为：{names}，但这条数据为“{basis}”。",
    ),
    (r"The reading says (?P<one>.+), but the indicator counts (?P<two>.+)\.", "数据的单位是{one}，而该指标按{two}计。"),
    (
        r"The period ends on (?P<end>\S+), after today, (?P<today>\S+)\.",
        "所述期间到 {end} 才结束，晚于今天（{today}）。",
    ),
    (
        r"It is said to be published on (?P<day>\S+), after today, (?P<today>\S+)\.",
        "公布日期 {day} 晚于今天（{today}）。",
    ),
    (
        r"The period ends on (?P<end>\S+), after the day of publication, (?P<day>\S+)\.",
        "所述期间到 {end} 才结束，晚于公布日期 {day}。",
    ),
    (r"(?P<value>.+) is below the lowest plausible value, (?P<bound>.+)\.", "{value} 低于合理下限 {bound}。"),
    (r"(?P<value>.+) is above the highest plausible value, (?P<bound>.+)\.", "{value} 高于合理上限 {bound}。"),
    (r"A growth of (?P<rate>.+) would leave nothing or less\.", "增速 {rate} 意味着归零或负数。"),
    (
        (
            r"The quote says '(?P<text>[^']*)', which is (?P<one>.+), but the value is (?P<two>.+), "
            r"(?P<times>\S+) times (?P<how>larger|smaller)\."
        ),
        "原文写“{text}”，即 {one}，而录入值为 {two}，相差{times}倍（{how}）。",
    ),
    (
        r"The (?P<total>year-to-date|running total) of (?P<who>\S+) would fall from (?P<one>.+) to (?P<two>.+)\.",
        "{who} 的{total}会从 {one} 降到 {two}。",
    ),
    (
        (
            r"The (?P<total>year-to-date|running total) of (?P<who>\S+) would be (?P<one>.+), more than "
            r"what it has grown to later: (?P<two>.+)\."
        ),
        "{who} 的{total}会是 {one}，高于其后已知的 {two}。",
    ),
    (
        (
            r"A growth of (?P<rate>.+) to (?P<value>.+) in (?P<period>\S+) means about (?P<implied>.+) a year before, "
            r"but known is (?P<known>.+)\."
        ),
        "{period} 为 {value}、同比 {rate}，意味着上年同期约 {implied}，但已知的是 {known}。",
    ),
    (
        (
            r"A growth of (?P<rate>.+) to (?P<value>.+) in (?P<period>\S+) means about (?P<implied>.+) a year before, "
            r"but this reading says (?P<known>.+)\."
        ),
        "{period} 为 {value}、同比 {rate}，意味着上年同期约 {implied}，但这条数据为 {known}。",
    ),
    (r"It would revise (?P<one>.+) to (?P<two>.+)\.", "会把 {one} 修订为 {two}，相差一个数量级。"),
    (
        (
            r"(?P<value>.+) is an order of magnitude (?P<how>above|below) what is known(?P<rate> per day)?: "
            r"(?P<known>.+)\."
        ),
        "{value}与已知数据相差一个数量级（{how}{rate}）：{known}。",
    ),
    (
        r"(?P<why>.+) It was rejected by (?P<who>\S+): (?P<note>.+)",
        "{why} 此前已由 {who} 驳回：{note}",
    ),
    (
        r"The same reading, number (?P<number>\d+), was withdrawn; restore it if it was right\.",
        "同一条数据（编号{number}）已被撤回；如无误，请恢复。",
    ),
)
WORDS: tuple[tuple[str, str], ...] = (
    (r"\bno reason given\b", "未说明理由"),
    (r"\bno unit\b", "无单位"),
    (r"\bsomething not said\b", "未说明的单位"),
    (r", published (\d{4}-\d{2}-\d{2})", r"，\1公布"),
    (r"\byear_to_date\b", "年初累计"),
    (r"\byear-to-date\b", "年初累计"),
    (r"\brunning total\b", "累计"),
    (r"\bsince_start\b", "启动以来累计"),
    (r"(^|, )period(?=,|$)", r"\1仅该期间"),
    (r"(^|, )point(?=,|$)", r"\1时点数"),
    (r"(^|, )event(?=,|$)", r"\1事项完成"),
    (r"\blarger\b", "偏大"),
    (r"\bsmaller\b", "偏小"),
    (r"^above$", "偏高"),
    (r"^below$", "偏低"),
    (r"^ per day$", "，按日均"),
    (r"^flow$", "流量"),
    (r"^level$", "时点"),
    (r"^milestones$", "事项"),
    (r"^exact$", "精确"),
    (r"^about$", "约"),
    (r"^over$", "超过"),
)
"""Names of ours that are inserted into a sentence."""
