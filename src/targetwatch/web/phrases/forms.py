"""What every form says."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "problems_heading_one": Text("One thing needs to be put right", "有一处需要更正"),
    "problems_heading": Text("{count} things need to be put right", "有{count}处需要更正"),
    "for_example": Text("Such as", "例如"),
    "optional": Text("(may stay empty)", "（可不填）"),
    "save": Text("Save", "保存"),
    "cancel": Text("Cancel", "取消"),
    "menu": Text("Menu", "菜单"),
    "menu_targets": Text("Targets", "目标"),
    "menu_wall": Text("Wall screen", "大屏"),
    "menu_figure": Text("Add a figure", "录入数据"),
    "menu_target": Text("New target", "新建目标"),
    "menu_held": Text("Held", "待核实"),
    "menu_sources": Text("Sources", "数据来源"),
    "menu_audit": Text("Audit trail", "审计记录"),
    "menu_users": Text("Users", "用户"),
    "menu_sign_in": Text("Sign in", "登录"),
    "menu_sign_out": Text("Sign out", "退出"),
    "menu_account": Text("Your account", "我的账户"),
    "menu_help": Text("Guide", "使用指南"),
    "error_sign_in_title": Text("Please sign in", "请先登录"),
    "error_sign_in_text": Text("This page is for people who are signed in.", "此页面仅供已登录的用户使用。"),
    "error_not_allowed_title": Text("Not for your account", "您的账户无此权限"),
    "error_not_allowed_text": Text(
        "Your account may not do this. Ask an admin for the role it needs.",
        "您的账户不能执行此操作，请向管理员申请相应权限。",
    ),
    "error_simulated_title": Text("Nothing can be changed in a replay", "回放期间不能修改"),
    "error_simulated_text": Text(
        "This service runs on a simulated clock, so nothing is written. Start it without --replay or --as-of to edit.",
        "本服务运行在模拟时钟上，不会写入任何内容。如需编辑，请在启动时去掉 --replay 或 --as-of。",
    ),
    "error_forged_title": Text("The form could not be accepted", "表单未被接受"),
    "error_forged_text": Text(
        "It was too old, or did not come from this site. Go back, load the page again and send it once more.",
        "表单已过期，或并非来自本站。请返回，重新载入页面后再提交。",
    ),
    "error_too_large_title": Text("That is too much at once", "内容过大"),
    "error_too_large_form": Text(
        "A form may hold at most {most}, and this one held more. Nothing was saved: go back, shorten it and send it "
        "again.",
        "一份表单最多{most}，本次提交超出上限，未保存任何内容。请返回缩短后重新提交。",
    ),
    "error_too_large_file": Text(
        "A file may have at most {most}, and this one has more. Nothing was saved: split it, or paste only the rows "
        "you need.",
        "文件最大{most}，所选文件超出上限，未保存任何内容。请拆分文件，或只粘贴需要的行。",
    ),
    "error_unreadable_title": Text("That could not be read", "无法读取提交的内容"),
    "error_unreadable_text": Text(
        "Something in the address or in the form is incomplete, of another kind than expected, or more than a form of "
        "ours has. Nothing was saved: go back and try once more.",
        "网址或表单中的内容不完整、格式不符，或项目过多，未保存任何内容。请返回后重试。",
    ),
}
