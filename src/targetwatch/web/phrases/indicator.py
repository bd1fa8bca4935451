"""An indicator's page."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "indicator_kind": Text("Indicator", "指标"),
    "measure_flow": Text("adds up over time", "随时间累加"),
    "measure_level": Text("a value at a date", "时点值"),
    "measure_milestones": Text("steps, each done on a day", "逐项完成的事项"),
    "measure": Text("Kind", "类型"),
    "unit": Text("Unit", "单位"),
    "scope": Text("What is counted", "统计口径"),
    "authority": Text("Whose count is judged", "以何方统计为准"),
    "release": Text("Release calendar", "发布日程"),
    "release_month": Text("every month", "每月"),
    "release_quarter": Text("every quarter", "每季度"),
    "release_half": Text("every half-year", "每半年"),
    "release_year": Text("every year", "每年"),
    "release_irregular": Text("at no fixed times", "不定期"),
    "release_lag": Text(
        "{lag} days after the period's end; late after {grace} more", "期末后{lag}天；再过{grace}天视为迟延"
    ),
    "release_january": Text("January and February together", "1月与2月合并"),
    "release_calendar": Text("moved to working days ({country})", "顺延至工作日（{country}）"),
    "latest": Text("Latest figure", "最新数值"),
    "computed_from": Text("Computed from", "由此计算"),
    "used_by": Text("Others computed from it", "据此计算的指标"),
    "targets_heading": Text("Promises about it", "相关承诺"),
    "no_promise": Text(
        "Nobody has promised a value: it is watched, never judged.", "没有对应承诺：仅作关注，不作评判。"
    ),
    "figures_heading": Text("Figures", "数据"),
    "figures_of": Text("Figures of {publisher}", "{publisher}的数据"),
    "judged_count": Text("the count that is judged", "评判所依据的统计"),
    "beside_count": Text("another count, shown beside", "另一统计口径，并列展示"),
    "not_stated": Text("not stated", "未说明"),
}
