"""The wall screen."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "wall_title": Text("Wall", "大屏"),
    "wall_as_of": Text("As known on {day}", "截至{day}"),
    "wall_past": Text("The past, as known on {day}", "过去：截至{day}"),
    "wall_frozen": Text("Simulated clock, standing still on {day}", "模拟时钟，停在{day}"),
    "wall_replay": Text("Simulated clock: {day}, {seconds} s a day", "模拟时钟：{day}，{seconds}秒一天"),
    "wall_column_target": Text("Target", "目标"),
    "wall_column_bar": Text("Actual, plan, goal", "实际、计划、目标"),
    "wall_column_value": Text("Actual / goal", "实际 / 目标"),
    "wall_column_odds": Text("Odds", "达成把握"),
    "wall_odds": Text("odds ", "达成："),
    "wall_failed": Text("Not judged", "无法评判"),
    "wall_failed_text": Text("an error of this program; its log says more", "程序出错，详情见日志"),
    "wall_steps": Text("{done} of {total} done", "{total}项完成{done}项"),
    "wall_no_figure": Text("no figure", "暂无数据"),
    "wall_results": Text("Results {year}: {outcome}", "{year}年结果：{outcome}"),
    "wall_results_heading": Text("Results {years}", "{years}年结果"),
    "wall_stale": Text(
        "The service has judged nothing for {hours} hours: what is shown is that old",
        "系统已{hours}小时未重新评判，所示为当时情况",
    ),
    "wall_lost": Text("No connection: what is shown is {age} old", "连接中断：所示为{age}前的情况"),
    "wall_age_seconds": Text("{count} s", "{count}秒"),
    "wall_age_minutes": Text("{count} min", "{count}分钟"),
    "wall_age_hours": Text("{count} h", "{count}小时"),
    "wall_age_days": Text("{count} d", "{count}天"),
}
