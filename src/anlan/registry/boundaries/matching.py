"""Which division a feature draws: by the code beside it, else by its name. Pure."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from anlan.kernel.codes import CODE_DIGITS, level_of, prefix_of
from anlan.registry.boundaries.features import CUT, Feature

CODE_NAMES = (
    "code",
    "divisioncode",
    "adcode",
    "pac",
    "gb",
    "xzqdm",
    "xzqhdm",
    "zldwdm",
    "qhdm",
    "areacode",
    "代码",
    "区划代码",
    "统计代码",
    "行政代码",
    "行政区代码",
    "行政区划代码",
    "行政区划编码",
    "村代码",
    "乡镇代码",
)
NAME_NAMES = (
    "name",
    "divisionname",
    "mc",
    "xzqmc",
    "xzqhmc",
    "zldwmc",
    "qhmc",
    "名称",
    "区划名称",
    "行政区名称",
    "行政区划名称",
    "村名",
    "村名称",
    "乡镇名称",
)
PARENT_NAMES = (
    "parent",
    "parentcode",
    "parentname",
    "town",
    "county",
    "乡镇",
    "镇",
    "上级",
    "所属乡镇",
)
ENDINGS = (
    ("街道办事处", "街道"),
    ("村民委员会", "村"),
    ("村委会", "村"),
    ("居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("居委会", "社区"),
)
WHOLE_LENGTHS = (6, 9, 12)
CHINA = "156"  # ISO 3166-1; the national map service writes it before the code


@dataclass(frozen=True)
class Known:
    """A division that a feature may draw."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class Match:
    """What was found for one feature: the division's code, or why there is none.

    `label` is what the file itself calls the feature.
    """

    code: str = ""
    label: str = ""
    reason: str = ""


def matches(features: Sequence[Feature], known: Iterable[Known]) -> list[Match]:
    """Return which division each feature draws; no division is drawn twice."""
    divisions = {each.code: each for each in known}
    by_name: dict[str, list[Known]] = defaultdict(list)
    for each in divisions.values():
        by_name[plain_name(each.name)].append(each)
    stated = [codes_in(feature.properties) for feature in features]
    shared = {code for code, n in Counter(c for codes in stated for c in codes).items() if n > 1}
    found = [
        _match(feature, codes=codes, shared=shared, divisions=divisions, by_name=by_name)
        for feature, codes in zip(features, stated, strict=True)
    ]
    return _once(found)


def _match(
    feature: Feature,
    *,
    codes: Sequence[str],
    shared: set[str],
    divisions: Mapping[str, Known],
    by_name: Mapping[str, list[Known]],
) -> Match:
    name = name_in(feature.properties)
    own = [code for code in codes if code not in shared]
    label = name or max(own, default="", key=level_of)
    drawn = max((code for code in own if code in divisions), default="", key=level_of)
    if drawn:
        return Match(code=drawn, label=label)
    if own:
        return Match(label=label, reason=_no_code(max(own, key=level_of)))
    if not name:
        return Match(label=label, reason=_("Neither a code nor a name stands beside it."))
    # A code that several features carry is that of what they lie in.
    inside = max((code for code in codes if code in divisions), default="", key=level_of)
    return _by_name(feature, name=name, inside=inside, by_name=by_name)


def _by_name(
    feature: Feature, *, name: str, inside: str, by_name: Mapping[str, list[Known]]
) -> Match:
    found = [
        each
        for each in by_name.get(plain_name(name), [])
        if not inside or (each.code != inside and each.code.startswith(prefix_of(inside)))
    ]
    above = {plain_name(text) for text in _values(feature.properties, PARENT_NAMES)}
    parents = {each.code for key in above for each in by_name.get(key, [])} | above
    if len(found) > 1:
        found = [each for each in found if each.parent in parents]
    if len(found) == 1:
        return Match(code=found[0].code, label=name)
    if not by_name.get(plain_name(name)):
        reason = _("No division in sight is called %(name)s.") % {"name": name}
    else:
        reason = _("Several divisions are called %(name)s: write the code beside it.") % {
            "name": name
        }
    return Match(label=name, reason=reason)


def _no_code(code: str) -> str:
    return _("No division in sight has the code %(code)s.") % {"code": code}


def _once(found: Sequence[Match]) -> list[Match]:
    """Return the matches with each division drawn by the first feature alone."""
    first: dict[str, Match] = {}
    for each in found:
        if each.code:
            first.setdefault(each.code, each)
    return [each if not each.code or first[each.code] is each else _again(each) for each in found]


def _again(each: Match) -> Match:
    reason = _("Another feature of the file already draws %(code)s: join the two.")
    return Match(label=each.label, reason=reason % {"code": each.code})


def codes_in(properties: Mapping[str, Any]) -> list[str]:
    """Return the 12-digit codes among what stands beside a feature."""
    found = (whole_code(value) for value in _values(properties, CODE_NAMES))
    return list(dict.fromkeys(code for code in found if code))


def name_in(properties: Mapping[str, Any]) -> str:
    """Return the name beside a feature, or an empty text."""
    return next((v for v in _values(properties, NAME_NAMES) if not v.isdigit()), "")


def _values(properties: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    found = (_text(value) for key, value in properties.items() if _is_called(key, names))
    return [text for text in found if text]


def _is_called(key: object, names: Sequence[str]) -> bool:
    """Tell whether a column has one of the names, or is one that its format has cut short.

    A .dbf keeps ten bytes of a name: three to five Chinese characters.
    """
    plain = _plain(key).replace("_", "").rstrip(CUT)
    is_cut = len(plain) >= 3 and not plain.isascii()
    return plain in names or (is_cut and any(name.startswith(plain) for name in names))


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value == value and abs(value) < 1e19 else ""
    return unicodedata.normalize("NFKC", str(value)).strip()


def whole_code(text: str) -> str:
    """Return a code of 6, 9 or 12 digits, or of more that are all zero, as 12 digits; else ''."""
    digits = text.removesuffix(".0")
    if not digits.isascii() or not digits.isdigit() or digits.startswith("00"):
        return ""
    if len(digits) == 9 and digits.startswith(CHINA):
        digits = digits[3:]
    if len(digits) > CODE_DIGITS and not digits[CODE_DIGITS:].strip("0"):
        digits = digits[:CODE_DIGITS]
    return digits.ljust(CODE_DIGITS, "0") if len(digits) in WHOLE_LENGTHS else ""


def plain_name(name: str) -> str:
    """Return a name without spaces and with the ending of the place instead of its office."""
    plain = _plain(name)
    for ending, short in ENDINGS:
        if plain.endswith(ending):
            plain = plain.removesuffix(ending)
            return plain if plain.endswith(short) else plain + short
    return plain


def _plain(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).lower()
