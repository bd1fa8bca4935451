"""What else is done with a target: another's change put together with one's own, file or web, archive, undo."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "clash_title": Text("Changed in the meantime: {title}", "其间已有修改：{title}"),
    "clash_changed": Text("The target was changed while you were editing", "您编辑期间，该目标已被修改"),
    "clash_archived": Text("The target was archived while you were editing", "您编辑期间，该目标已被归档"),
    "clash_handed_back": Text(
        "The target was handed back to the file while you were editing", "您编辑期间，该目标已交还配置文件管理"
    ),
    "clash_by": Text("By {who}, {at}.", "操作人：{who}，{at}。"),
    "clash_by_you": Text("By you, {at}, perhaps in another window.", "由您本人于{at}修改，可能是在另一窗口。"),
    "clash_kept": Text("Nothing you typed is lost, and nothing of it is saved.", "您填写的内容没有丢失，也尚未保存。"),
    "clash_explained": Text(
        "Where both changed the same field, yours is put on top of theirs.", "双方改了同一项时，以您的为准。"
    ),
    "both_changed": Text("both changed it", "双方均已修改"),
    "column_was": Text("When you began", "您打开时"),
    "column_theirs": Text("Theirs", "对方"),
    "column_yours": Text("Yours", "您的"),
    "yours_unchanged": Text("unchanged", "未改动"),
    "on_top": Text("Put mine on top of theirs", "在对方的基础上应用我的修改"),
    "on_top_edit": Text("Go on editing on top of theirs", "在对方的基础上继续编辑"),
    "restore_and_go_on": Text("Bring it back and go on", "恢复并继续"),
    "take_over_and_go_on": Text("Take it over and go on", "接管并继续"),
    "give_up_theirs": Text("Give up mine", "放弃我的修改"),
    "file_managed": Text(
        "The configuration file manages this target, so it can only be read here.",
        "该目标由配置文件管理，此处只能查看。",
    ),
    "take_over": Text("Take over", "接管"),
    "show_yaml": Text("Show as YAML", "查看 YAML"),
    "hand_back": Text("Hand back to the file", "交还配置文件"),
    "edit_archive": Text("Archive", "归档"),
    "undo_link": Text("Undo version {number}", "撤销第{number}版"),
    "hand_take_over": Text("Take over", "接管"),
    "hand_hand_back": Text("Hand back to the file", "交还配置文件"),
    "hand_archive": Text("Archive", "归档"),
    "hand_restore": Text("Bring back", "恢复"),
    "hand_changed": Text(
        "It was changed in the meantime. Please look again before you go on.", "其间已有修改，请查看后再继续。"
    ),
    "hand_changed_by": Text(
        "It was changed in the meantime, by {who} at {at}. Please look again before you go on.",
        "其间{who}于{at}作了修改，请查看后再继续。",
    ),
    "hand_changed_by_you": Text(
        "It was changed in the meantime, by you at {at}. Please look again before you go on.",
        "其间您本人于{at}作了修改，请查看后再继续。",
    ),
    "hand_misfit_file": Text("The configuration file manages this target.", "该目标由配置文件管理。"),
    "hand_misfit_web": Text("The web manages this target, and it is in force.", "该目标由网页管理，且正在生效。"),
    "hand_misfit_archived": Text("This target is archived.", "该目标已归档。"),
    "hand_look": Text("Look at it", "查看"),
    "archived_since": Text("Archived since {day}.", "自{day}起归档。"),
    "field_act_reason": Text("Reason", "理由"),
    "meaning_take_over": Text(
        "Once taken over, it is edited here, and the configuration file is no longer listened to about it: what the "
        "file says of it later is left aside. It can be handed back at any time.",
        "接管后在网页上编辑，配置文件对它不再生效：文件中的后续改动将被忽略。可随时交还。",
    ),
    "meaning_hand_back": Text(
        "From the next time the configuration file is applied, the file decides what the target says; what the file "
        "does not have is archived then. A promise made here that the file would write over makes it refuse. Take the "
        "YAML from here into the file first.",
        "下次应用配置文件时，以文件内容为准；文件中没有的目标将被归档。若文件会改写此处已作的承诺，则会被拒绝。"
        "请先将此处的 YAML 写入文件。",
    ),
    "meaning_archive": Text(
        "It is no longer judged, shown or mailed about. Its versions, figures and history stay, and it can be brought "
        "back.",
        "不再评判、展示或发送邮件。其版本、数据与历史都会保留，可随时恢复。",
    ),
    "meaning_restore": Text(
        "It is judged and shown again, as it was when it was archived.", "恢复后重新评判并展示，内容与归档时相同。"
    ),
    "comes_back": Text(
        "The file has lost its {what}, “{title}”, which comes back with it.",
        "配置文件中已没有它的{what}“{title}”，将一并恢复。",
    ),
    "meaning_undo": Text(
        "Version {number} stays in the history. A further version, {next}, says again what version {again} said.",
        "第{number}版保留在历史中，新增第{next}版，内容与第{again}版相同。",
    ),
    "undo_nothing": Text("There is only one version, so there is nothing to undo.", "只有一个版本，没有可撤销的变更。"),
    "undoes_version": Text("undoes version {number}", "撤销第{number}版"),
    "yaml_title": Text("As YAML: {title}", "YAML：{title}"),
    "yaml_text": Text(
        "What the configuration file says, or would say, of this target; by itself it is a whole file.",
        "配置文件中该目标的写法；可单独作为完整文件使用。",
    ),
    "yaml_download": Text("Download", "下载"),
    "done_target_taken_over": Text("Taken over: it can be edited now.", "已接管，现可编辑。"),
    "done_target_handed_back": Text("Handed back to the configuration file.", "已交还配置文件。"),
    "done_target_archived": Text("Archived.", "已归档。"),
    "done_target_restored": Text("Brought back.", "已恢复。"),
    "done_target_undone": Text("Undone, by a further version.", "已撤销，并生成新版本。"),
}
