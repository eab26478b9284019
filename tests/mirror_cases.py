"""The same document as other sites show it: other menus, another encoding, another script."""

from __future__ import annotations

from collections.abc import Callable

import opencc

TOP = "首页\n长者模式 无障碍阅读\n当前位置：首页 > 政务公开 > 规划计划\n字号：大 中 小\n打印本页\n"
FOOT = (
    "\n上一篇：关于召开会议的通知\n下一篇：健康讲座\n网站地图 联系我们\n备案号05002616\n您是第12876位访客\n"
)
Page = Callable[[str], "str | bytes"]
PINYIN = {"衛": "衛(wèi)", "醫": "醫(yī)", "關": "關(guān)", "業": "業(yè)", "發": "發(fā)", "務": "務(wù)"}


def scraped(text: str) -> str:
    """The text among the menus of another site."""
    return TOP + text + FOOT


def traditional(text: str) -> str:
    """The text in traditional characters, some with their reading behind them."""
    return "".join(PINYIN.get(sign, sign) for sign in opencc.OpenCC("s2t").convert(text))


def in_gb18030(text: str) -> bytes:
    """The text among menus, in the encoding of older sites."""
    return scraped(text).encode("gb18030")
