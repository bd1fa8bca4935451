"""Owners: where their mail goes."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "owners_title": Text("Owners", "责任方"),
    "owners_lead": Text(
        "Who answers for the targets, and where the mail about them goes.", "各目标由谁负责，以及提醒邮件发往何处。"
    ),
    "owners_all": Text("All owners", "全部责任方"),
    "owners_none": Text("No target has an owner yet.", "尚无责任方。"),
    "owner_name": Text("Owner", "责任方"),
    "owner_email": Text("E-mail", "电子邮箱"),
    "owner_email_none": Text("none: the data steward is mailed", "未填写：改发数据管理员"),
    "owner_email_help": Text(
        "One address. Mail about all of this owner's targets goes there from now on; empty: it goes to "
        "the data steward.",
        "填写一个地址。今后该责任方所有目标的提醒邮件均发往此处；不填则改发数据管理员。",
    ),
    "owner_language": Text("Language of the mail", "邮件语言"),
    "owner_language_en": Text("English", "英文"),
    "owner_language_zh": Text("Chinese", "中文"),
    "owner_targets": Text("Targets", "目标"),
    "owner_managed": Text("Managed by", "管理方式"),
    "owner_file_text": Text(
        "The configuration file says where this mail goes. To change it here, take the owner over: what the file says "
        "of this owner is then left aside.",
        "邮件地址由配置文件规定。如需在此修改，请先接管：此后配置文件中关于该责任方的内容不再生效。",
    ),
    "owner_take_over": Text("Take over", "接管"),
    "owner_hand_back_text": Text(
        "What the configuration file says of this owner is left aside. Handed back, the file decides again when it is "
        "next applied.",
        "配置文件中关于该责任方的内容目前不生效。交还后，下次应用配置文件时以文件为准。",
    ),
    "owner_hand_back": Text("Hand back to the file", "交还配置文件"),
    "owner_wrong_email": Text(
        "This is no e-mail address, expected exactly one such as name@example.org.",
        "邮箱格式不对，应填写一个地址，形如 name@example.org。",
    ),
    "owner_wrong_language": Text("Choose one of the languages.", "请选择一种语言。"),
    "owner_changed_meanwhile": Text(
        "Somebody else has changed this owner meanwhile: the address is {email} now. Look at it and save again.",
        "该责任方已被他人修改：现邮箱为 {email}。请核对后重新保存。",
    ),
    "done_owner_changed": Text("Saved: mail goes there from now on.", "已保存，今后的邮件将发往该地址。"),
    "done_owner_taken_over": Text("Taken over: the address can be changed now.", "已接管，现可修改地址。"),
    "done_owner_handed_back": Text("Handed back to the configuration file.", "已交还配置文件。"),
}
