"""The colour of a message: as a parameter or its own words say it, else by its severity."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from .values import Info, Severity

BLUE, YELLOW, ORANGE, RED = 1, 2, 3, 4

# Usual in China: red is extreme and first, blue minor and fourth (突发事件应对法 2024, article 63;
# domain notes, section 3.1).
_BY_SEVERITY: Final = {
    Severity.EXTREME: RED,
    Severity.SEVERE: ORANGE,
    Severity.MODERATE: YELLOW,
    Severity.MINOR: BLUE,
}
_WORDS: Final = {
    "blue": BLUE,
    "yellow": YELLOW,
    "orange": ORANGE,
    "red": RED,
    "蓝": BLUE,
    "藍": BLUE,
    "黄": YELLOW,
    "黃": YELLOW,
    "橙": ORANGE,
    "红": RED,
    "紅": RED,
}
_COLOUR_NAME: Final = re.compile(r"colou?r|颜色|顏色|awareness_level", re.IGNORECASE)
_WORD: Final = re.compile(r"\b(blue|yellow|orange|red)\b|(蓝|藍|黄|黃|橙|红|紅)色?", re.IGNORECASE)
# “发布暴雨橙色预警”, “Orange Warning”: the colour stands before the word that makes it a level.
_IN_TITLE: Final = re.compile(
    r"\b(blue|yellow|orange|red)\b[\w\s]{0,20}?\b(?:warning|alert|signal|watch)"
    r"|(蓝|藍|黄|黃|橙|红|紅)色[\u4e00-\u9fff]{0,4}警",
    re.IGNORECASE,
)


def level_of(infos: Iterable[Info]) -> int | None:
    """Return the highest level 1 (blue) to 4 (red) that the texts of a message give, or None.

    A parameter that names a colour wins over the title, and the title over the severity.
    """
    texts = list(infos)
    for found in (_by_parameter, _by_title, _by_severity):
        levels = [level for info in texts for level in found(info)]
        if levels:
            return max(levels)
    return None


def _by_parameter(info: Info) -> Iterator[int]:
    for each in info.parameters:
        if _COLOUR_NAME.search(each.name):
            yield from _levels_in(_WORD, each.value)


def _by_title(info: Info) -> Iterator[int]:
    for text in (info.headline, info.event):
        yield from _levels_in(_IN_TITLE, text)


def _by_severity(info: Info) -> Iterator[int]:
    level = _BY_SEVERITY.get(info.severity)
    if level is not None:
        yield level


def _levels_in(form: re.Pattern[str], text: str) -> Iterator[int]:
    for match in form.finditer(text[:500]):
        yield _WORDS[(match[1] or match[2]).lower()]
