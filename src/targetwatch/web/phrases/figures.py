"""Adding, correcting and withdrawing figures."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    # --- the form ---
    "figure_title": Text("Add a figure", "录入数据"),
    "figure_title_correct": Text("Correct a figure", "更正数据"),
    "figure_lead": Text(
        "Type it as it was printed. What it changes shows before you save.",
        "按原文录入即可；保存之前会显示它将带来的变化。",
    ),
    "figure_correct_lead": Text(
        "Figure no. {number} is withdrawn and this one takes its place. "
        "If the publisher has printed a new figure since, add that as a new figure instead.",
        "第{number}号数据将被撤回，由此处的数据代替。如果是统计方后来公布了新数值，请另行录入新数据。",
    ),
    "figure_other_ways": Text("Other ways", "其他方式"),
    "figure_from_press": Text("Paste a press sentence", "粘贴新闻语句"),
    "figure_from_table": Text("Paste a table or drop a file", "粘贴表格或上传文件"),
    "figure_awaited": Text("Expected by now", "按发布日历应已公布"),
    "figure_awaited_one": Text("{title}, {period} (due {day})", "{title}，{period}（应于{day}公布）"),
    "figure_indicator": Text("Indicator", "指标"),
    "figure_indicator_empty": Text("Choose what was measured", "请选择指标"),
    "figure_watched": Text("Watched without a target", "仅监测、无目标"),
    "figure_propose": Text("Propose period and basis", "填入期间和口径"),
    "figure_latest": Text("Last known: {figure}, {period}, published {day}", "最近已知：{figure}，{period}，{day}公布"),
    "figure_period": Text("Period it describes", "所述期间"),
    "figure_value": Text("Figure as printed", "数值（按原文）"),
    "figure_basis": Text("It counts", "口径"),
    "figure_basis_empty": Text("Choose", "请选择"),
    "basis_choice_period": Text("that period alone", "仅该期间"),
    "basis_choice_year_to_date": Text("year to date, from 1 January", "年初累计"),
    "basis_choice_since_start": Text("since the start (running total)", "启动以来累计"),
    "basis_choice_point": Text("as it stood on the day", "时点数"),
    "basis_choice_event": Text("a step that was done", "事项完成"),
    "figure_step": Text("Step that was done", "完成的事项"),
    "figure_published_on": Text("Published on", "公布日期"),
    "figure_publisher": Text("Whose count it is", "统计方"),
    "figure_link": Text("Link to the source", "来源网址"),
    "figure_quote": Text("The words it was said in", "原文语句"),
    "figure_more": Text("More: exactness, whose count, remark", "更多：精确程度、统计方、备注"),
    "figure_yoy": Text("Published growth", "公布的同比"),
    "figure_qualifier": Text("How exactly it was said", "精确程度"),
    "figure_as_written": Text("as the figure is written", "以数值写法为准"),
    "qualifier_choice_exact": Text("exactly", "精确"),
    "qualifier_choice_about": Text("about", "约"),
    "qualifier_choice_over": Text("more than", "超过"),
    "figure_unit": Text("Unit, if it is neither printed nor the indicator's", "单位（原文未写且与指标不同时）"),
    "figure_rounding": Text("Rounded to within ±", "四舍五入误差 ±"),
    "figure_provisional": Text("The publisher calls it preliminary", "统计方称其为初步数"),
    "figure_note": Text("Remark of yours", "备注"),
    "figure_why": Text("Why it is corrected", "更正原因"),
    "figure_look": Text("See how it will be read", "查看识别结果"),
    "figure_save": Text("Save the figure", "保存数据"),
    # --- what it would do ---
    "look_signed_out": Text(
        "You are no longer signed in, so this is not looked at any more. What you typed stays: press the button to "
        "sign in, and it is shown to you before anything is saved.",
        "您已退出登录，无法继续预览。您填写的内容仍在：点按钮即可登录，登录后会先显示内容再保存。",
    ),
    "look_unanswered": Text(
        "This could not be looked at just now. What you typed stays: go on, or try again in a moment.",
        "暂时无法预览。您填写的内容仍在：可以继续填写，或稍后再试。",
    ),
    "look_heading": Text("What happens when you save", "保存后的结果"),
    "look_empty": Text(
        "Choose an indicator and type a figure: how it is read and what it changes shows here.",
        "选择指标并输入数值后，这里会显示识别结果及其影响。",
    ),
    "look_missing": Text("Not readable yet", "尚不能识别"),
    "look_growth": Text("{rate} on a year before", "同比{rate}"),
    "look_new": Text("New: nothing was known of this yet.", "新数据：此前没有这一期的数据。"),
    "look_revises": Text("It replaces", "将代替"),
    "look_beside": Text("It is kept beside what is in force, and replaces nothing:", "仅并列保存，不代替现有数据："),
    "look_published": Text("published {day}", "{day}公布"),
    "look_undated": Text("without a publication date", "无公布日期"),
    "look_known": Text(
        "This figure is on record already; saving adds nothing:", "已有相同数据，保存不会新增任何内容："
    ),
    "look_evidence_lost": Text(
        "The link or quote you typed is not stored with it.", "您填写的网址或原文语句不会随之保存。"
    ),
    "look_evidence_instead": Text("Correct the figure on record, to give it this evidence", "更正已有数据，改用此依据"),
    "look_corrects": Text("It is corrected:", "更正："),
    "look_back_to": Text(
        "Nothing further is stored, the figure known before is in force again:", "不另行保存，此前的数据重新有效："
    ),
    "look_rejected": Text("It was rejected before.", "此前已被驳回。"),
    "look_held": Text("It would be held until somebody accepts it, because:", "将被暂存待核实，原因是："),
    "look_anyway": Text("Enter it anyway, because", "仍要录入，理由"),
    "look_anyway_help": Text(
        "Left empty, it waits on the page of held readings. Your reason is kept with the figure.",
        "留空则进入“待核实”；填写的理由会与数据一同保存。",
    ),
    "look_if_anyway": Text("If it is entered anyway", "若仍然录入"),
    "look_quote_agrees": Text("The quote names this figure.", "原文中有这一数值。"),
    "look_quote_differs": Text("The quote names another figure than the one typed.", "原文中的数值与录入值不同。"),
    "look_own_growth": Text(
        "On our figure of the year before ({before}) the growth is {own}.",
        "按已有的上年同期数据（{before}）计算，同比为{own}。",
    ),
    "look_growth_differs": Text(
        "The publisher says {said}; on our figure of the year before ({before}) it would be {own}. "
        "A published rate may be on a revised base.",
        "公布的同比为{said}；按已有的上年同期数据（{before}）计算为{own}。公布的增速可能基于修订后的基数。",
    ),
    "look_undated_note": Text(
        "Without a publication date it counts on our own clock only: no verdict changes.",
        "没有公布日期的数据只计入录入时钟，不影响评判。",
    ),
    "look_targets": Text("Targets it bears on", "受影响的目标"),
    "look_now": Text("Now", "目前"),
    "look_then": Text("Then", "录入后"),
    "look_odds": Text("Odds: {odds}", "达成把握：{odds}"),
    "look_untouched": Text("Stays as it is: {titles}", "不受影响：{titles}"),
    "look_no_target": Text("No target rests on this indicator.", "没有目标使用该指标。"),
    "look_not_judged": Text("could not be judged", "无法评判"),
    "mail_leaves": Text(
        "A mail saying “{state}” leaves to {who} on {day} at about {time}, if this stands. "
        "Corrected or withdrawn before then, none leaves.",
        "若不再更改，将于{day}{time}左右向{who}发送“{state}”邮件；在此之前更正或撤回，则不会发送。",
    ),
    "mail_none": Text("No mail leaves because of this.", "不会因此发送邮件。"),
    "mail_steward": Text("the data steward", "数据管理员"),
    # --- saved ---
    "done_figure_saved": Text(
        "The figure is saved, and everything has been judged anew.", "数据已保存，并已重新评判。"
    ),
    "done_figure_put_back": Text(
        "The wrong figure is withdrawn, and the one known before is in force again.",
        "错误的数据已撤回，此前的数据重新有效。",
    ),
    "done_undone": Text(
        "Taken back: what was in force before is so again, and everything has been judged anew.",
        "已撤销，恢复到此前的状态，并已重新评判。",
    ),
    "done_figure_held": Text("The figure waits here: something speaks against it.", "该数据存疑，已暂存于此。"),
    "undo_figure": Text("Undo", "撤销"),
    "undo_reason": Text("undone right after it was entered", "录入后立即撤销"),
    "see_figure": Text("See the figure", "查看该数据"),
    "figure_not_added": Text("Nothing was saved: this figure is on record already.", "未保存：已有相同数据。"),
    "figure_busy": Text(
        "The database is busy; nothing was saved. What you typed is still here: try again in a moment.",
        "数据库正忙，尚未保存。您填写的内容仍在，请稍后再试。",
    ),
    "figure_changed": Text(
        "This figure was changed in the meantime; nothing was saved. Look at it as it stands now.",
        "此数据在此期间已被更改，本次未保存。请先查看其现状。",
    ),
    # --- one reading ---
    "reading_title": Text("Figure no. {number}", "第{number}号数据"),
    "reading_evidence": Text("Evidence", "依据"),
    "reading_recorded": Text("Recorded", "录入时间"),
    "reading_by_hand": Text("typed in by a person", "人工录入"),
    "reading_vintages": Text("Earlier and later versions of this figure", "该数据更早和更晚的版本"),
    "reading_no_vintages": Text("There is no other version of this figure.", "该数据没有其他版本。"),
    "reading_number": Text("No.", "编号"),
    "reading_history": Text("Who did what", "操作记录"),
    "act_add": Text("entered", "录入"),
    "act_withdraw": Text("withdrawn", "撤回"),
    "act_restore": Text("put back in force", "恢复"),
    "reading_sign_in": Text("Sign in to see who entered it.", "登录后可查看录入人。"),
    "reading_rests": Text("What rests on it", "由此得出的评判"),
    "reading_rests_same": Text("{title}: stands the same without it", "{title}：没有它也一样"),
    "reading_with": Text("With it", "有此数据"),
    "reading_without": Text("Without it", "没有此数据"),
    "reading_actions": Text("Put it right", "更正与撤回"),
    "reading_correct": Text("Correct it", "更正"),
    "reading_correct_help": Text(
        "For a mistake in typing: the right figure takes its place.", "用于录入有误：由正确的数据代替。"
    ),
    "reading_revise": Text("Add a newer figure", "录入更新的数值"),
    "reading_revise_help": Text(
        "For a figure the publisher has revised: both stay on record.", "用于统计方已修订：两者都会保留。"
    ),
    "reading_withdraw": Text("Withdraw", "撤回"),
    "reading_withdraw_why": Text("Why it is withdrawn", "撤回原因"),
    "reading_restore": Text("Put back in force", "恢复"),
    "reading_restore_why": Text("Why it is put back in force", "恢复原因"),
    "reading_why_needed": Text(
        "A reason is needed: it is kept in the audit trail.", "请填写原因，它会保存在审计记录中。"
    ),
    "reading_why_long": Text("That is too long, expected at most {most} characters.", "内容过长，最多{most}个字符。"),
    "reading_changed": Text(
        "Somebody else has done this already; this is how it stands now.", "他人已完成此操作，以下为现状。"
    ),
    "reading_not_yet": Text("This figure was not known yet on {day}.", "截至{day}，该数据尚未公布。"),
    "reading_undated_then": Text(
        "This figure has no publication date, so no day of the past counts it.",
        "该数据没有公布日期，因此不计入任何过去的日期。",
    ),
    "reading_rests_not_yet": Text("Nothing rested on it yet.", "当时没有目标依据该数据。"),
    "reading_withdrawn_note": Text("This figure is withdrawn: no verdict counts it.", "该数据已撤回，不计入任何评判。"),
    "done_withdrawn": Text(
        "The figure is withdrawn, and everything has been judged anew.", "数据已撤回，并已重新评判。"
    ),
    "done_restored": Text(
        "The figure is in force again, and everything has been judged anew.", "数据已恢复，并已重新评判。"
    ),
}
