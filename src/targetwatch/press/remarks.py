"""What is said beside a proposal of its inferences and doubts, in both languages."""

from __future__ import annotations

from datetime import date

from targetwatch.model import Text

PUBLISHED_GIVEN = Text(en="The day of publication as given with the text.", zh="随文本给出的公布日期。")
PUBLISHED_READ = Text(en="Read in the text; check the year.", zh="取自原文，请核对年份。")
UNIT_ONLY = Text(
    en="No word of the text names this indicator; only the unit and the publisher fit.",
    zh="原文没有点明该指标，仅单位和发布机构相符。",
)
NOT_SET_APART = Text(
    en="The text does not say the word that sets this indicator apart from others; check it.",
    zh="原文没有出现该指标区别于其他指标的关键词，请核对。",
)
UNIT_APART = Text(en="The unit stands apart from the number.", zh="单位与数字不相邻。")
GROWTH_UNSAID = Text(
    en="The text does not say on what the growth is counted; taken as on the same period a year before.",
    zh="原文未说明增速的对比基期，按同比理解。",
)
RATE_ALIGNED = Text(
    en="Told from its place in a list of rates longer than the list of figures.",
    zh="增速个数多于数据个数，按末尾对齐推断。",
)
ROUNDED = Text(
    en="The number ends in zeros and is taken as rounded at its last other digit.",
    zh="数字以零结尾，按四舍五入到最后一位非零数字理解。",
)
EXACT = Text(en="No word such as over or about stands by the number.", zh="数字旁没有“超”“约”等字样。")
TO_DATE = Text(en="The time starts with the year.", zh="时间从年初算起。")
THAT_PERIOD = Text(en="The time does not start with the year.", zh="时间不是从年初算起。")
RUNNING = Text(en="The words say a running total.", zh="原文用语表示累计数。")
RUNNING_INDICATOR = Text(
    en="The indicator is published as a running total, and the text names no other time.",
    zh="该指标以累计额公布，原文未写其他时间。",
)
RUNNING_UNTIL = Text(
    en="A figure as of a day, without a rate; taken as a running total. It could be the year to date.",
    zh="“截至”某日的数字且无增速，按开始以来累计理解，也可能是年初以来累计。",
)
TO_DATE_UNTIL = Text(
    en="A figure as of a day with a rate on the year before; taken as the year to date.",
    zh="“截至”某日的数字并附同比增速，按年初以来累计理解。",
)
LEVEL_ON_DAY = Text(en="A level, taken on the last day of the time named.", zh="存量或水平值，取所述时间的最后一天。")
OF_THE_PERIOD = Text(en="A ratio over the time named.", zh="所述时间内的比率。")
CUT_OFF_UNSAID = Text(
    en="The text names no last day; taken as the day of publication.", zh="原文未写截止日，按公布日期计。"
)
SENTENCE_BEFORE = Text(en="The time stands in an earlier sentence.", zh="时间取自前面的句子。")
RANGE = Text(
    en="The text gives a range, not one figure; decide which to enter.", zh="原文给出的是区间而非单一数字，请自行决定。"
)
PLANNED = Text(
    en="This reads as a plan or a forecast, not as a figure reached.", zh="这像是目标或预测，并非已实现的数据。"
)
RATE_INEXACT = Text(
    en="The growth is not printed as an exact rate, so none is proposed.", zh="原文增速不是确切数值，未填入同比。"
)
RATE_OTHER = Text(
    en="A rate beside the figure is not on the year before (month on month, an average, points); it is left out.",
    zh="数字旁的增速不是同比（环比、年均或百分点），未采用。",
)
BARE = Text(en="A bare number: it may count something else.", zh="数字没有单位，可能指其他事物。")
START_UNSAID = Text(
    en="A running total whose first day is neither in the text nor known; enter the period.",
    zh="累计数的起始日原文未写也无从得知，请填写期间。",
)


def elsewhere(words: str) -> Text:
    """Return that a figure seems to be about another region."""
    return Text(
        en=f"'{words}' places the figure in a region no indicator is about.",
        zh=f"“{words}”表明该数据属于其他地区口径。",
    )


def region_unsaid(english: str, chinese: str) -> Text:
    """Return that the text does not name the region of the indicator, while another indicator has a wider scope."""
    return Text(
        en=f"The text does not name {english}; the figure may be of a wider scope.",
        zh=f"原文未提及{chinese}，该数据可能是更大范围的口径。",
    )


def year_only(start: date) -> Text:
    """Return that only the year of a running total's start is said."""
    return Text(en=f"Only the year of the start is said; taken as {start}.", zh=f"只写明起始年份，按{start}计。")


def start_known(start: date) -> Text:
    """Return that the start of a running total comes from the indicator or from earlier readings."""
    return Text(
        en=f"The start, {start}, is what the indicator or its earlier figures say.",
        zh=f"起始日{start}取自指标说明或以往数据。",
    )


def year_counted(day: date, *, published: bool) -> Text:
    """Return that the year, which the text does not print, is counted from the day of publication or from today."""
    if published:
        return Text(
            en=f"The text does not print the year; it is counted from the day of publication, {day}.",
            zh=f"原文未写明年份，按公布日期{day}推算。",
        )
    return Text(
        en=f"The text prints no year and no day of publication is known; it is counted from today, {day}.",
        zh=f"原文未写明年份且公布日期未知，按今天（{day}）推算。",
    )


def year_carried(year: int) -> Text:
    """Return that a year stands further up."""
    return Text(en=f"The year {year} is taken from earlier in the text.", zh=f"年份{year}取自前文。")


def after_publication(end: date, published: date) -> Text:
    """Return that the period ends after publication."""
    return Text(
        en=f"The period ends on {end}, after the day of publication, {published}.",
        zh=f"期间截至{end}，晚于公布日期{published}。",
    )


def joined(*texts: Text) -> Text:
    """Return sentences one after another."""
    return Text(en=" ".join(text.en for text in texts if text.en), zh="".join(text.zh for text in texts if text.zh))
