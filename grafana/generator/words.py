"""Every word on the dashboards, in English and Chinese, and the colours of the statuses (Okabe-Ito)."""

from __future__ import annotations

LANGUAGES = ("en", "zh")

STATUSES: tuple[tuple[str, str, str, str], ...] = (
    ("missed", "✕ Missed", "✕ 未完成", "#CC79A7"),
    ("off_track", "▼ Off track", "▼ 明显偏离", "#D55E00"),
    ("at_risk", "▲ At risk", "▲ 存在风险", "#E69F00"),
    ("awaiting_data", "… Awaiting data", "… 等待数据", "#999999"),
    ("on_track", "✓ On track", "✓ 进展正常", "#009E73"),
    ("pending", "○ Pending", "○ 暂无评估", "#6B7785"),
    ("achieved", "★ Achieved", "★ 已完成", "#0072B2"),
)
"""status, in English, in Chinese, colour; in the order of urgency."""

DATA_STATES: tuple[tuple[str, str, str, str], ...] = (
    ("fresh", "Fresh", "最新", "#009E73"),
    ("due", "Due", "应发布", "#56B4E9"),
    ("late", "Late", "迟到", "#E69F00"),
    ("none", "No figure yet", "尚无数据", "#6B7785"),
    ("closed", "Closed", "已结束", "#0072B2"),
)

_WORDS: dict[str, tuple[str, str]] = {
    "no_data": ("no figure", "暂无数据"),
    "wall": ("Targets: the wall", "目标大屏"),
    "wall_about": ("Every announced target at a glance, most urgent first.", "全部公布目标一览，最紧急的在前。"),
    "wall_4k": ("Targets: the wall in 4K", "目标大屏（4K）"),
    "sentence_about": ("How many promises stand how, each counted once", "各状态的目标数，每项只计一次"),
    "all_promises": (
        "{{missed}} of {{total}} promises missed, {{off}} off track, {{risk}} at risk, {{won}} achieved, {{open}} open",
        "{{total}}项目标中{{missed}}项未完成，{{off}}项明显偏离，{{risk}}项存在风险，{{won}}项已完成，{{open}}项进行中",
    ),
    "no_targets": ("nothing is known of any promise", "没有任何目标的数据"),
    "age_said": (
        "judged {{hours}} h ago · the service answered {{minutes}} min ago",
        "{{hours}}小时前评估 · 服务{{minutes}}分钟前应答",
    ),
    "never_seen": ("the service has not answered", "服务没有应答"),
    "of_service": ("The service's own wall", "服务自带大屏"),
    "outlook": ("Outlook", "前景"),
    "data_age": ("Age of the figures", "数据时效"),
    "source": ("Data source", "数据源"),
    "job": ("Job", "作业"),
    "status": ("Status", "状态"),
    "target": ("Target", "目标"),
    "value_goal": ("Value / goal", "现值 / 目标"),
    "odds": ("Odds", "可能性"),
    "status_about": ("Name and status", "名称与状态"),
    "progress_about": ("Value and goal, and the share of the goal reached", "现值、目标与进度"),
    "words_about": (
        "Plan, odds and what is needed; the age of the figures",
        "计划、可能性与所需；数据时效",
    ),
    "age_about": ("How old all of this is", "以上内容的时间"),
    "age": ("Age of the verdicts", "判断距今"),
    "one": ("One target", "单个目标"),
    "one_about": (
        "A target over time: figures, plan, forecast, odds, data.",
        "单个目标的历程：数据、计划、预测、可能性。",
    ),
    "needed": ("Needed", "今后所需"),
    "figures": ("Actual, plan and forecast", "实际、计划与预测"),
    "actual": ("actual", "实际"),
    "expected": ("plan", "计划"),
    "goal": ("goal", "目标"),
    "low": ("forecast, low", "预测下限"),
    "median": ("forecast", "预测"),
    "high": ("forecast, high", "预测上限"),
    "probability": ("Probability of attaining the goal", "达成概率"),
    "growth": ("Growth needed on the rest of the window", "其余时段所需同比增长"),
    "pace": ("Pace (1 is on plan)", "进度完成率（1为按计划）"),
    "statuses": ("Status over time", "状态变化"),
    "data_state": ("State of the data", "数据状态"),
    "status_change": ("Status changes", "状态变化"),
    "version_change": ("New version", "目标新版本"),
    "version": ("Version", "版本"),
    "through": ("Figures to", "数据截至"),
    "due": ("Next figure due", "下次应发布"),
    "service": ("Service", "服务"),
    "why": ("Why, with evidence and announcement", "依据、出处与公布原文"),
    "operations": ("Operations", "运行"),
    "operations_about": ("Is the service well, and do the figures come in?", "服务是否正常，数据是否进来？"),
    "firing": ("Alerts firing", "正在触发的告警"),
    "nothing_firing": ("nothing", "无"),
    "held": ("Readings held", "待审数据"),
    "reload": ("Last reload", "最近重新加载"),
    "database": ("Database", "数据库"),
    "leader": ("Scheduler", "任务调度"),
    "working_day": ("Working day", "工作日"),
    "failed_targets": ("Targets not judged", "无法判断的目标"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "up": ("up", "正常"),
    "down": ("down", "中断"),
    "good": ("good", "成功"),
    "bad": ("failed", "失败"),
    "runs": ("a process leads", "有进程负责"),
    "nobody": ("nobody", "无"),
    "success_age": ("Since the last success of each source", "各数据源距上次成功"),
    "last_run": ("Last run of each source", "各数据源最近一次"),
    "run_outcomes": ("Runs a day, by outcome", "每天采集次数（按结果）"),
    "readings_in": ("Readings a day, by what became of them", "每天数据条数（按去向）"),
    "ingest_time": ("How long runs take (95 of 100)", "采集耗时（95分位）"),
    "scrape_time": ("How long a scrape takes", "抓取耗时"),
    "scrape_size": ("Samples in a scrape", "每次抓取样本数"),
    "mails": ("Mails a day, by what became of them", "每天邮件数（按结果）"),
    "alert": ("alert", "告警"),
    "odds_under": ("under 1 in 20", "不足5%"),
    "odds_low": ("1 in 20", "约5%"),
    "odds_high": ("19 in 20", "约九成五"),
    "odds_over": ("over 19 in 20", "九成五以上"),
}
_TENTHS_ZH = "一二三四五六七八九"


def said_of(status: str, language: str) -> tuple[str, str]:
    """Return the word of a status with its icon, and its colour."""
    _, en, zh, color = next(one for one in STATUSES if one[0] == status)
    return zh if language == "zh" else en, color


def word(key: str, language: str) -> str:
    """Return a word in a language."""
    en, zh = _WORDS[key]
    return zh if language == "zh" else en


def odds(tenths: int, language: str) -> str:
    """Return odds as they are said: never none and never ten of ten.

    >>> odds(9, "en"), odds(2, "zh")
    ('9 in 10', '约二成')
    """
    return f"约{_TENTHS_ZH[tenths - 1]}成" if language == "zh" else f"{tenths} in 10"
