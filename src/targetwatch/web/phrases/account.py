"""Signing in, people and their tokens."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    # --- signing in ---
    "sign_in_title": Text("Sign in", "登录"),
    "sign_in_name": Text("Name", "用户名"),
    "sign_in_password": Text("Password", "密码"),
    "sign_in_do": Text("Sign in", "登录"),
    "sign_in_needed": Text("Sign in to go on to the page you asked for.", "登录后将前往您要访问的页面。"),
    "sign_in_kept": Text(
        "You were signed out in the meantime. What you typed is kept: sign in and send it with one click.",
        "您的登录已失效。您填写的内容已保留：登录后点击一次即可提交。",
    ),
    "sign_in_too_much": Text(
        "You were signed out in the meantime, and what you typed is too long to be carried along. Sign in on another "
        "tab, then go back here: your browser still has it.",
        "您的登录已失效，且填写的内容过长，无法随登录保留。请在另一个标签页登录后返回本页：浏览器仍保留着您填写的内容。",
    ),
    "sign_in_nobody_yet": Text(
        "Nobody has an account yet. The first admin is made on the command line, where this service runs:",
        "目前还没有任何账户。请在运行本服务的机器上用命令行创建第一位管理员：",
    ),
    "sign_in_forgotten": Text("Forgotten your password? An admin gives you a new one.", "忘记密码？请联系管理员重置。"),
    "sign_in_by_issuer": Text("Sign in with {issuer}", "使用 {issuer} 登录"),
    "sign_in_incomplete": Text("Both the name and the password are needed.", "请填写用户名和密码。"),
    "sign_in_wrong": Text("Name and password do not belong together.", "用户名或密码不正确。"),
    "sign_in_wait": Text(
        "Too many attempts have failed. Please try again in {seconds} s.", "失败次数过多，请在{seconds}秒后重试。"
    ),
    "sign_in_too_old": Text(
        "This page had grown too old, or your browser keeps no cookies, which signing in needs. Please try once more.",
        "页面已过期，或浏览器未启用登录所需的 Cookie。请再试一次。",
    ),
    "issuer_away": Text(
        "The other site does not answer. Try again later, or sign in here.",
        "外部登录系统无响应，请稍后再试或在此登录。",
    ),
    "issuer_late": Text(
        "That took too long, or did not begin in this browser. Please begin again.",
        "登录超时，或并非从此浏览器发起。请重新登录。",
    ),
    "issuer_no": Text("The other site did not sign you in.", "外部登录系统未让您登录。"),
    "issuer_unproven": Text(
        "What the other site said could not be proven, so you were not signed in. The log says more.",
        "无法验证外部登录系统的答复，因此未登录。详情见日志。",
    ),
    "issuer_disabled": Text("Your account here is disabled. Ask an admin.", "您在本站的账户已停用，请联系管理员。"),
    "issuer_no_role": Text(
        "The other site knows you, but nothing there gives you a role here. Ask an admin.",
        "外部系统认识您，但未授予您本站的角色，请联系管理员。",
    ),
    "issuer_bad_name": Text(
        "Your name on the other site cannot be an account here. Ask an admin.",
        "您在外部系统的用户名不能用作本站账户，请联系管理员。",
    ),
    "issuer_taken": Text(
        "Somebody else has an account of your name here. Ask an admin.", "本站已有同名账户，请联系管理员。"
    ),
    "done_signed_out": Text("You are signed out.", "您已退出登录。"),
    # --- sending again what was typed ---
    "send_again_title": Text("Nothing is lost", "内容未丢失"),
    "send_again_text": Text(
        "You are signed in again. What you had typed has not been sent yet.", "您已重新登录。您之前填写的内容尚未提交。"
    ),
    "send_again_files": Text(
        "Files cannot be kept and have to be chosen again: {files}", "文件无法保留，需重新选择：{files}"
    ),
    "send_again_do": Text("Send it now", "立即提交"),
    "send_again_drop": Text("Do not send it", "不提交"),
    "send_again_typed": Text("What you typed", "您填写的内容"),
    # --- people ---
    "role_viewer": Text("Viewer", "查看者"),
    "role_editor": Text("Editor", "编辑者"),
    "role_admin": Text("Admin", "管理员"),
    "role_may_viewer": Text(
        "sees everything, the audit trail too, and changes nothing", "可查看全部内容（包括审计记录），不能修改"
    ),
    "role_may_editor": Text("changes targets, enters and checks figures", "可修改目标、录入和核实数据"),
    "role_may_admin": Text("does everything, and decides who may", "拥有全部权限，并管理用户"),
    "people_do": Text("What can be done", "操作"),
    "account_by_proxy": Text(
        "You are signed in by the site in front of this one. It has no account of yours to change.",
        "您通过前端网站登录，本站没有可供修改的账户。",
    ),
    "account_by_issuer": Text(
        "You sign in elsewhere. A password of this site is only needed if an admin has given you one.",
        "您通过外部系统登录。只有管理员为您设置过本站密码时才需在此修改。",
    ),
    "account_password_heading": Text("Change your password", "修改密码"),
    "account_old_password": Text("Your password now", "当前密码"),
    "account_new_password": Text("New password", "新密码"),
    "account_new_password_again": Text("New password once more", "再次输入新密码"),
    "account_password_help": Text(
        "At least 12 characters; a few words are easier to remember than signs. It signs you out everywhere else.",
        "至少12个字符，几个词语比符号更好记。修改后，其他设备上的登录将全部失效。",
    ),
    "account_password_do": Text("Change the password", "修改密码"),
    "account_password_differs": Text("The two are not the same.", "两次输入不一致。"),
    "account_password_not_yours": Text("That is not your password.", "当前密码不正确。"),
    "account_fault_name": Text(
        "Cannot be a name: expected 1 to 40 small letters, digits, '.', '_' or '-'.",
        "用户名无效：应为1至40个小写字母、数字、“.”、“_”或“-”。",
    ),
    "account_fault_title": Text("Expected one line of at most 80 characters.", "应为一行，最多80个字符。"),
    "account_fault_short": Text("Too short: expected at least 12 characters.", "太短：至少12个字符。"),
    "account_fault_long": Text("Too long: expected at most 256 characters.", "太长：最多256个字符。"),
    "account_fault_easy": Text(
        "Too easy to guess: it repeats itself, or begins with the name.", "太容易被猜到：字符重复，或以用户名开头。"
    ),
    "account_fault_role": Text("Choose one of the roles.", "请选择一个角色。"),
    "account_fault_taken": Text("Somebody has this name already.", "该用户名已存在。"),
    "account_last_admin": Text(
        "This is the last admin. Make somebody else an admin first.", "这是最后一位管理员，请先指定另一位管理员。"
    ),
    "account_changed_meanwhile": Text(
        "Somebody else has changed this account meanwhile: it is {title}, {role}, now. Look at it and save again.",
        "该账户已被他人修改：现为{title}，{role}。请核对后重新保存。",
    ),
    "done_password_changed": Text(
        "Your password is changed. You are signed out everywhere else.", "密码已修改，其他设备上的登录已失效。"
    ),
    # --- where one is signed in ---
    "sessions_heading": Text("Where you are signed in", "登录位置"),
    "sessions_none": Text("Nowhere by a session of this site.", "没有本站的登录会话。"),
    "session_since": Text("Since", "登录时间"),
    "session_seen": Text("Last seen", "最近活动"),
    "session_until": Text("Ends", "失效时间"),
    "session_here": Text("This browser", "当前浏览器"),
    "session_end": Text("Sign out", "退出"),
    "done_session_ended": Text("That browser is signed out.", "该浏览器已退出登录。"),
    # --- tokens ---
    "tokens_heading": Text("Tokens for programs", "程序令牌"),
    "tokens_text": Text(
        "A program shows its token to read the API or to record figures in your name. It opens no page.",
        "程序凭令牌读取接口，或以您的名义录入数据。令牌不能打开任何页面。",
    ),
    "tokens_none": Text("There are none.", "暂无令牌。"),
    "token_new": Text("New token", "新建令牌"),
    "token_title": Text("What it is for", "用途"),
    "token_title_example": Text("monthly import", "每月导入"),
    "token_scope": Text("What it may do", "权限"),
    "scope_read": Text("Read: the API and the metrics", "读取：接口和指标"),
    "scope_record": Text("Record: read, and enter figures in your name", "录入：可读取，并以您的名义录入数据"),
    "scope_short_read": Text("read", "读取"),
    "scope_short_record": Text("record", "录入"),
    "token_days": Text("For how many days", "有效天数"),
    "token_days_help": Text("At most {most}", "最多{most}天"),
    "token_until": Text("Good until", "有效期至"),
    "token_is_revoked": Text("revoked", "已撤销"),
    "token_is_expired": Text("expired {day}", "已于{day}过期"),
    "token_issue": Text("Make the token", "生成令牌"),
    "token_revoke": Text("Revoke", "撤销"),
    "token_made": Text("Your new token", "新令牌"),
    "token_made_text": Text(
        "Copy it now: it is shown this once, and kept by nobody.", "请立即复制：仅显示这一次，系统不保存。"
    ),
    "token_gone": Text(
        "The token was shown once. If it was not copied, revoke it below and make another.",
        "令牌只显示一次。如未复制，请在下方撤销后重新生成。",
    ),
    "token_use": Text("How a program uses it", "程序如何使用"),
    "token_use_read": Text("To read how every target stands:", "读取全部目标的评判："),
    "token_use_record": Text("To enter a figure, here in the place of VALUE:", "录入一条数据（将 VALUE 换成数值）："),
    "token_use_more": Text("Everything the API answers", "接口说明"),
    "copy": Text("Copy", "复制"),
    "copied": Text("Copied", "已复制"),
    "done_token_made": Text("The token is made.", "令牌已生成。"),
    "token_fault_title": Text(
        "Say what it is for, in one line of at most 80 characters.", "请用一行（最多80个字符）说明用途。"
    ),
    "token_fault_days": Text("Expected a number of days from 1 to {most}.", "应为1至{most}之间的天数。"),
    "token_fault_scope": Text("Choose what it may do.", "请选择权限。"),
    "token_fault_viewer": Text(
        "Your account may not record figures, so no token of yours may.", "您的账户不能录入数据，令牌也不能。"
    ),
    "done_token_revoked": Text("The token is revoked.", "令牌已撤销。"),
    # --- users ---
    "users_heading": Text("Who may sign in", "可登录的用户"),
    "users_owners": Text("Where the mail about the targets goes: their owners", "目标责任方及提醒邮件地址"),
    "users_all": Text("All users", "全部用户"),
    "user_name": Text("Name", "用户名"),
    "user_name_help": Text("What they sign in with. It cannot be changed later.", "用于登录，之后不能更改。"),
    "user_title": Text("Who they are", "姓名和单位"),
    "user_title_help": Text(
        "As colleagues know them; shown beside what they change.", "同事熟悉的称呼，显示在其修改记录旁。"
    ),
    "user_role": Text("Role", "角色"),
    "user_role_help": Text("A lesser role signs them out everywhere.", "降低角色后，其所有登录将失效。"),
    "user_since": Text("Since", "创建时间"),
    "user_state": Text("State", "状态"),
    "user_is_good": Text("active", "正常"),
    "user_is_new": Text("has a one-time password", "待修改一次性密码"),
    "user_is_disabled": Text("disabled {day}", "已于{day}停用"),
    "user_disabled": Text("disabled", "已停用"),
    "user_new": Text("New user", "新建用户"),
    "user_new_text": Text(
        "They get a one-time password, shown to you once, and choose their own when they first sign in.",
        "系统生成一次性密码，仅向您显示一次；用户首次登录时自行设置密码。",
    ),
    "user_add": Text("Add the user", "添加用户"),
    "user_change": Text("Title and role", "称呼和角色"),
    "user_access": Text("Access", "登录"),
    "user_reset": Text("Reset the password", "重置密码"),
    "user_reset_text": Text(
        "A one-time password replaces theirs and signs them out. Their tokens, below, stay good until revoked.",
        "用一次性密码替换当前密码，并使其退出登录。下方的令牌不受影响，如需停用请逐一撤销。",
    ),
    "user_one_time": Text("One-time password", "一次性密码"),
    "user_one_time_text": Text(
        "Give it to {name} now: it is shown this once. It is good for choosing a password of their own.",
        "请立即转交给{name}：仅显示这一次，用于设置自己的密码。",
    ),
    "user_one_time_gone": Text(
        "The one-time password was shown once. If nobody has written it down, make another by “Reset the password”.",
        "一次性密码只显示一次。如未记下，请点击“重置密码”重新生成。",
    ),
    "done_user_added": Text("The account is open.", "账户已创建。"),
    "done_user_reset": Text("The password is reset.", "密码已重置。"),
    "user_signed_in": Text(
        "Browsers signed in: {count}; last seen {moment}.", "已登录的浏览器：{count}个；最近活动：{moment}。"
    ),
    "user_sign_out": Text("Sign out everywhere", "全部退出"),
    "user_disable": Text("Disable", "停用"),
    "user_disable_text": Text(
        "Signs them out and stops their tokens at once. What they did stays in the audit trail.",
        "立即退出其登录并停用其令牌，其操作记录仍保留。",
    ),
    "user_enable": Text("Enable again", "重新启用"),
    "user_enable_text": Text("Lets them sign in again, with the password they had.", "允许其用原密码重新登录。"),
    "done_user_changed": Text("Saved.", "已保存。"),
    "done_user_disabled": Text("The account is disabled.", "账户已停用。"),
    "done_user_enabled": Text("The account is enabled again.", "账户已重新启用。"),
    "done_sessions_ended": Text("They are signed out everywhere.", "已全部退出登录。"),
    # --- a one-time password ---
    "one_time_title": Text("Choose your password", "设置密码"),
    "one_time_text": Text(
        "That was a one-time password. Type it once more, and choose a password of your own.",
        "这是一次性密码。请再次输入，并设置您自己的密码。",
    ),
    "one_time_password": Text("The one-time password", "一次性密码"),
    "one_time_same": Text("Choose another than the one-time password.", "不能与一次性密码相同。"),
    "one_time_do": Text("Set the password and sign in", "设置密码并登录"),
}
