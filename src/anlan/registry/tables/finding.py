"""Finding what a cell names: by code, by name, the nearest to the row's own place."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from anlan.kernel.codes import CODE_DIGITS
from anlan.kernel.tables.columns import Found, Wanted
from anlan.registry.models import Division

CHUNK = 900
NEARNESS = (12, 9, 6)
PATHS = ("code", "name", "kind", "parent__name")

TOWN_ENDS = re.compile(r"^(.*?(?:镇|乡|街道|办事处))(.+)$")
LONG_NAMES = re.compile(r"(村|居)(?:民)?委(?:员)?会$")
SUFFIXES = ("村", "社区", "镇", "街道", "乡")


@dataclass(frozen=True)
class Candidate:
    """Something that could be meant."""

    key: Any
    home: str
    name: str
    text: str


def nearest(found: Iterable[Candidate], *, home: str) -> list[Candidate]:
    """Return the candidates that share most of the row's place; none of another county."""
    rest = list(found)
    if not home:
        return rest
    for digits in NEARNESS:
        near = [each for each in rest if each.home[:digits] == home[:digits]]
        if near:
            return near
    return []


def settled(
    found: Sequence[Candidate], *, text: str, what: Promise | str, remedy: Promise | str = ""
) -> Found | str:
    """Return the one that is meant, or why that cannot be told."""
    if len(found) == 1:
        return Found(key=found[0].key, home=found[0].home, text=found[0].text)
    said = {"what": what, "text": text, "count": len(found)}
    if not found:
        return _("There is no %(what)s “%(text)s” here; correct it, or add it first.") % said
    return (
        _("“%(text)s” fits %(count)s records (%(what)s).") % said
        + " "
        + str(remedy or _("Write its code instead."))
    )


def by_name(
    model: type[models.Model],
    *,
    what: Promise | str,
    fields: Sequence[str] = ("name",),
    home: str = "division_id",
    paths: Sequence[str] = ("name",),
    word: Callable[[Sequence[Any]], str] = lambda row: str(row[0]),
    only: Mapping[str, Any] | None = None,
    remedy: str = "",
) -> Callable[[Sequence[Wanted]], dict[Wanted, Found | str]]:
    """Return a finder over the fields of a model; `paths` and `word` give the text shown."""

    def find(wanted: Sequence[Wanted]) -> dict[Wanted, Found | str]:
        known: dict[str, list[Candidate]] = defaultdict(list)
        texts = sorted({text for text, _home in wanted})
        for field in fields:
            for start in range(0, len(texts), CHUNK):
                rows = model._default_manager.filter(
                    **{f"{field}__in": texts[start : start + CHUNK]}, **(only or {})
                )
                for key, name, at, *shown in rows.values_list("pk", field, home, *paths):
                    candidate = Candidate(key=key, home=at, name=name, text=word(shown))
                    if candidate not in known[name]:
                        known[name].append(candidate)
        return {
            (text, at): settled(
                nearest(known.get(text, ()), home=at), text=text, what=what, remedy=remedy
            )
            for text, at in wanted
        }

    return find


# Divisions


def find_divisions(wanted: Sequence[Wanted]) -> dict[Wanted, Found | str]:
    """Find divisions by code or by name, “town/village” where a name alone is not enough."""
    spelt = {text: _spellings(text) for text, _home in wanted}
    names = sorted({name for _town, found in spelt.values() for name in found})
    rows = _divisions(names)
    return {ask: _division(ask, spelt[ask[0]], rows=rows) for ask in wanted}


@dataclass(frozen=True)
class _Row:
    code: str
    name: str
    kind: str
    parent: str


def _divisions(names: Sequence[str]) -> dict[str, list[_Row]]:
    found: dict[str, list[_Row]] = defaultdict(list)
    present = Division.objects.filter(ended_on__isnull=True)
    for start in range(0, len(names), CHUNK):
        chunk = names[start : start + CHUNK]
        for field in ("name", "code"):
            rows = present.filter(**{f"{field}__in": chunk})
            for code, name, kind, parent in rows.values_list(*PATHS):
                row = _Row(code=code, name=name, kind=kind, parent=parent or "")
                found[code if field == "code" else name].append(row)
    return found


def _spellings(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the town that a text names, if it does, and every way to spell the division itself."""
    plain = text.replace("＞", "/").replace(">", "/").replace("、", "/").replace("-", "/")
    if plain.isascii() and plain.isdigit():
        return "", (plain.ljust(CODE_DIGITS, "0") if len(plain) in (6, 9) else plain,)
    parts = [part for part in plain.split("/") if part]
    town, last = (parts[-2], parts[-1]) if len(parts) > 1 else ("", parts[-1] if parts else plain)
    names = {last}
    if not town and (split := TOWN_ENDS.match(last)):
        town, tail = split.groups()
        names |= {tail}
    for name in list(names):
        short = LONG_NAMES.sub("", name)
        names |= {short, *(short + suffix for suffix in SUFFIXES)} - {""}
    return town, tuple(sorted(names))


def _division(
    ask: Wanted, spelt: tuple[str, tuple[str, ...]], *, rows: Mapping[str, list[_Row]]
) -> Found | str:
    text, home = ask
    town, names = spelt
    fits = {row.code: row for name in names for row in rows.get(name, ())}
    whole = [row for row in fits.values() if row.name == text or row.code == names[0]]
    found = list(fits.values())
    if whole and (not town or len(whole) < len(found)):
        found = whole
    elif town:
        found = [row for row in found if row.parent.startswith(town) or town in row.parent]
    exact = [row for row in found if row.name in (text, text.split("/")[-1])]
    candidates = [
        Candidate(
            key=row.code,
            home=row.code,
            name=row.name,
            text=division_word((row.name, row.parent, row.kind)),
        )
        for row in (exact or found)
    ]
    return settled(
        nearest(candidates, home=home),
        text=text,
        what=_("division"),
        remedy=_("Write “town/village” or the 12-digit code."),
    )


def division_word(row: Sequence[Any]) -> str:
    """Return how a division is named beside others: a village with its town."""
    name, parent, kind = row
    return f"{parent}/{name}" if parent and kind in ("village", "community") else str(name)
