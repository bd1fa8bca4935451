"""A table of figures, pasted or dropped."""

from __future__ import annotations

from targetwatch.model import Text

PHRASES: dict[str, Text] = {
    "paste_title": Text("Paste a table", "粘贴表格"),
    "paste_lead": Text(
        "Paste cells copied from a spreadsheet or a web page, or drop a file. "
        "You see row by row how it is read; nothing is saved before you say so.",
        "粘贴从电子表格或网页复制的单元格，或上传文件。系统会逐行显示识别结果，确认之前不会保存。",
    ),
    "paste_text": Text("The table", "表格内容"),
    "paste_text_help": Text(
        "Cells parted by tabs, commas or semicolons; a first line with the names of the columns helps.",
        "单元格以制表符、逗号或分号分隔；首行最好是列名。",
    ),
    "paste_file": Text("Or a file", "或上传文件"),
    "paste_file_help": Text(
        "CSV (UTF-8 or GB18030), XLSX, XLS or ODS, up to 8 MB and {rows} rows. Of formulas the values are read.",
        "CSV（UTF-8 或 GB18030）、XLSX、XLS 或 ODS，不超过8 MB、{rows}行；公式按其结果读取。",
    ),
    "paste_kept": Text("A file is loaded: its tables are below.", "已载入文件，表格见下方。"),
    "paste_sheet": Text("Sheet", "工作表"),
    "paste_look": Text("See how it is read", "查看识别结果"),
    "paste_look_again": Text("Read it again so", "按此重新识别"),
    "paste_reading": Text("Reading the table…", "正在读取表格……"),
    "paste_columns": Text("Which column is what", "各列含义"),
    "paste_header": Text("A line holds the names of the columns", "有一行是列名"),
    "paste_no_header": Text(
        "No line with the names of the columns was found: please say which is which.", "未找到列名行，请指明各列含义。"
    ),
    "paste_no_value": Text("No column is taken for the figure yet.", "尚未指定哪一列是数值。"),
    "paste_column_of": Text("Column “{header}”", "“{header}”列"),
    "paste_column_samples": Text("such as {samples}", "例如 {samples}"),
    "paste_left_out": Text("leave it out", "不使用"),
    "paste_constants": Text("What no column says", "各行相同的内容"),
    "paste_constants_help": Text("Used where a row gives nothing itself.", "行内没有时采用。"),
    "paste_authority": Text("the indicator's own authority", "指标的统计方"),
    "column_unit": Text("Unit", "单位"),
    "column_link": Text("Link", "来源网址"),
    "paste_rates": Text("Growth is written as", "同比的写法"),
    "paste_rates_printed": Text("28 %, as printed", "28 %（按原文）"),
    "paste_rates_percent": Text("28, without the sign", "28（省略百分号）"),
    "paste_rates_ratio": Text("0.28, as a ratio", "0.28（比值）"),
    "paste_months": Text("The first of a month stands for the whole month", "每月1日代表整月"),
    "paste_rows": Text("Row by row", "逐行结果"),
    "paste_shown": Text(
        "{shown} of {total} rows shown, those with trouble before the rest.",
        "共{total}行，显示{shown}行，有问题的优先。",
    ),
    "paste_line": Text("Line", "行"),
    "paste_read_as": Text("Read as", "识别为"),
    "paste_becomes": Text("What becomes of it", "结果"),
    "paste_new": Text("new", "新数据"),
    "paste_revised": Text("revises", "修订"),
    "paste_revised_from": Text("revises {before}", "修订{before}"),
    "paste_known": Text("known already", "已有"),
    "paste_waits": Text("waits already, or was rejected", "已在待核实中或已驳回"),
    "paste_held": Text("would be held", "将被暂存"),
    "paste_unreadable": Text("cannot be read", "无法识别"),
    "paste_count_new": Text("{count} new", "{count}条新数据"),
    "paste_count_revised": Text("{count} revise what is known", "{count}条修订已有数据"),
    "paste_count_known": Text("{count} known already", "{count}条已有"),
    "paste_count_held": Text("{count} suspicious, held until somebody accepts them", "{count}条存疑，待核实"),
    "paste_count_unreadable": Text("{count} cannot be read", "{count}条无法识别"),
    "paste_hold": Text("Hold the suspicious ones, store the rest", "存疑的暂存待核实，其余保存"),
    "paste_why": Text("Why, for the audit trail", "说明（写入审计记录）"),
    "paste_save": Text("Save all rows", "全部保存"),
    "paste_put_right": Text(
        "Put the rows that cannot be read right first: the table is saved as a whole or not at all.",
        "请先更正无法识别的行：整张表要么全部保存，要么都不保存。",
    ),
    "paste_not_saved": Text(
        "Nothing was saved: a row cannot be read, or a suspicious one needs your choice below.",
        "未保存任何内容：有的行无法识别，或有存疑的行需要您在下方选择。",
    ),
    "paste_result": Text("What became of the table", "表格处理结果"),
    "paste_saved_more": Text("{shown} of {total} are listed.", "共{total}条，列出{shown}条。"),
    "paste_undo": Text("Undo the whole table", "撤销整张表"),
    "paste_to_held": Text("See what is held", "查看待核实数据"),
    "done_pasted": Text("The table is saved, and everything has been judged anew.", "表格已保存，并已重新评判。"),
    # --- refused ---
    "paste_refused_empty": Text(
        "There is nothing to read: paste a table, or choose a file.", "没有内容：请粘贴表格或选择文件。"
    ),
    "paste_refused_rows": Text("It has {found} rows, expected at most {most}.", "共有{found}行，最多{most}行。"),
    "paste_refused_columns": Text("It has {found} columns, expected at most {most}.", "共有{found}列，最多{most}列。"),
    "paste_refused_characters": Text("It holds more than {most} characters of text.", "文字超过{most}个字符。"),
    "paste_refused_cells": Text(
        "It has {found} cells, expected at most {most}.", "共有{found}个单元格，最多{most}个。"
    ),
    "paste_refused_cell": Text(
        "A cell is larger than any figure or quote: is a quotation mark never closed?",
        "某个单元格过大：是否有引号未闭合？",
    ),
    "paste_refused_encoding": Text(
        "It is neither UTF-8 nor GB18030: save it as CSV UTF-8.",
        "编码既不是 UTF-8 也不是 GB18030，请另存为“CSV UTF-8”。",
    ),
    "paste_refused_kind": Text(
        "This is {kind}, expected CSV, XLSX, XLS or ODS.", "这是{kind}，应为 CSV、XLSX、XLS 或 ODS。"
    ),
    "paste_refused_archive": Text(
        "This archive is no spreadsheet, expected CSV, XLSX, XLS or ODS.",
        "该压缩包不是电子表格，应为 CSV、XLSX、XLS 或 ODS。",
    ),
    "paste_refused_bomb": Text(
        "Unpacked it is larger than any table of figures; it was not read.", "解压后远大于正常的数据表，未予读取。"
    ),
    "paste_refused_damaged": Text(
        "The file is damaged, or not what it seems; it could not be read.", "文件已损坏或格式不符，无法读取。"
    ),
    "paste_refused_password": Text(
        "The file is locked with a password: save it without one.", "文件设有密码，请去除密码后再上传。"
    ),
}
