"""The words by which a document says what it is, in the languages of the offices that print it."""

import re

GROWTH = re.compile(r"growth|change|year.on.year|yoy|y/y|同比|增速|增长|variaci|veränderung|évolution", re.IGNORECASE)
TO_DATE = re.compile(r"cumulative|year.to.date|ytd|累计|acumulad|kumul", re.IGNORECASE)
WHOLE = re.compile(r"total|all|sum|合计|合計|总计|总|全", re.IGNORECASE)
VALUE = re.compile(r"value|obs_value|amount|figure|数值|数据", re.IGNORECASE)
TIME = re.compile(
    r"time|period|date|month|year|quarter|week|时间|日期|年|月|季|期|mes|año|rok|monat|jahr", re.IGNORECASE
)
NO_TIME = re.compile(r"publi|release|updat|realtime|prepared|start|latest|base|created|发布", re.IGNORECASE)
SHARE = re.compile(r"percent|share|%|占比|比重", re.IGNORECASE)
BESIDE_A_DAY = " -–—年月"
ERROR_PAGE = re.compile(
    r"^\W*((http|error|错误)\W*)*(40[0-9]|50[0-4])(\W*$|\W+(error|not|bad|service|gateway|forbidden|internal|错误|页面))"
    r"|\bnot found\b|\bforbidden$|service unavailable|bad gateway|internal server error|access denied"
    r"|under maintenance|系统维护|网站维护|页面不存在|页面错误|页面出错|无法访问",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
PUBLISHED_ON = re.compile(
    rf"(?:发布|发稿|发表|公布|公开)(?:日期|时间)?(?:<[^>]{{0,99}}>|&nbsp;|[\s:：【\[])*{DAY.pattern}"
)
