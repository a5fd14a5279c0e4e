"""What is typed into the form of a warning, and what the form shows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel.codes import InvalidDivisionCode, Level, ancestor_of, check_code, level_of
from anlan.registry.api import (
    bearings,
    codes_where,
    division_meant,
    grants_of,
    places_like,
    places_to_warn,
    present_bearings,
    towns,
)
from anlan.registry.data import Bearing, Colour, Hazard, Permission
from anlan.warning.core.drawn import UnusableArea, rings_of
from anlan.warning.core.typed import TypedWarning
from anlan.warning.core.words import cleaned
from anlan.warning.figures import field_of
from anlan.warning.models import WarningDraft
from anlan.warning.queries.rules import issuing_in
from anlan.warning.refusals import DraftRefused

MOST_LINES = 400
_IN_BRACKETS = re.compile(r"^(.*?)[（(]([^（()）]*)[)）]$")


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: where one may draft, and the divisions to tick there."""

    homes: tuple[Bearing, ...]
    home: str
    ticks: tuple[Bearing, ...]


def homes_of(request: HttpRequest, *, at: datetime) -> list[Bearing]:
    """Return the counties and towns for which whoever asks may draft warnings."""
    known = getattr(request, "grants", None)
    grants = grants_of(request.user.pk, at=at) if known is None else known
    codes = codes_where(grants, Permission.DRAFT_WARNINGS)
    if not codes:
        return []
    return [b for b in present_bearings(codes) if level_of(b.code) in (Level.COUNTY, Level.TOWN)]


def choices_for(homes: Iterable[Bearing], *, home: str) -> Choices:
    """Return what the form offers: the home itself and its towns."""
    found = tuple(homes)
    chosen = home if home in {each.code for each in found} else (found[0].code if found else "")
    ticks = tuple(each for each in found if each.code == chosen)
    if chosen and level_of(chosen) == Level.COUNTY:
        ticks += tuple(t for t in towns() if t.code.startswith(chosen[:6]))
    return Choices(homes=found, home=chosen, ticks=ticks)


def typed_from(
    data: Mapping[str, Any],
    ticked: Iterable[str],
    *,
    before: WarningDraft | None,
    now: datetime,
) -> TypedWarning:
    """Return the warning that somebody typed; raise DraftRefused with what to change."""
    hazard, colour = _kind(data, before=before)
    home = _home(data, before=before)
    onset = _moment(data.get("onset", ""), what=_("begin"))
    typed = TypedWarning(
        home=home,
        hazard=hazard,
        colour=colour,
        areas=(*_codes(ticked), *_divisions(data.get("divisions", ""))),
        places=tuple(_places(data.get("places", ""))),
        polygons=_drawn(data.get("drawn", "")),
        onset_at=onset,
        expires_at=_moment(data.get("expiry", ""), what=_("end")),
        title=_unless_same(data, "title"),
        text=_unless_same(data, "text"),
        instruction=_unless_same(data, "instruction"),
        upper_uuid=data.get("upper", "") if before is None else "",
    )
    has_area = typed.areas or typed.places or typed.polygons
    if not has_area and not (before is not None and before.exceedances):
        raise DraftRefused(
            _("Say where the warning is in force: tick a town, name villages or places, or draw.")
        )
    if typed.expires_at is None and not (before is not None and before.exceedances):
        county = ancestor_of(home, level=Level.COUNTY)
        hours = issuing_in(county, hazard=hazard, colour=colour, now=now).valid_hours
        typed = replace(typed, expires_at=max(onset or now, now) + timedelta(hours=hours))
    return typed


def shown_of(draft: WarningDraft) -> dict[str, Any]:
    """Return the fields of the form for a draft as it is kept."""
    names = bearings({each for code in draft.areas for each in (code, _town_of(code))})
    ticked = [code for code in draft.areas if level_of(code) <= Level.TOWN]
    return {
        "hazard": draft.hazard,
        "colour": str(int(draft.colour)),
        "ticked": ticked,
        "divisions": "\n".join(
            f"{_name(names, _town_of(code))}/{_name(names, code)}"
            for code in draft.areas
            if code not in ticked
        ),
        "places": "\n".join(f"{p.name}（{p.where}）" for p in places_to_warn(draft.places)),
        "drawn": draft.polygons,
        "onset": field_of(draft.onset_at),
        "expiry": field_of(draft.expires_at),
    }


def _town_of(code: str) -> str:
    return ancestor_of(code, level=Level.TOWN) if level_of(code) >= Level.TOWN else code


def _name(names: Mapping[str, Bearing], code: str) -> str:
    return names[code].name if code in names else code


def _kind(data: Mapping[str, Any], *, before: WarningDraft | None) -> tuple[Hazard, Colour]:
    hazard, colour = data.get("hazard", ""), data.get("colour", "")
    if before is not None and before.exceedances:
        hazard = before.hazard
    if hazard not in Hazard.values:
        raise DraftRefused(_("Choose the hazard that threatens."))
    if colour not in {str(each.value) for each in Colour}:
        raise DraftRefused(_("Choose the colour of the warning."))
    return Hazard(hazard), Colour(int(colour))


def _home(data: Mapping[str, Any], *, before: WarningDraft | None) -> str:
    home = str(data.get("home", "")).strip()
    try:
        check_code(home)
    except InvalidDivisionCode:
        if before is not None:
            return str(before.division_id)
        raise
    return home


def _codes(ticked: Iterable[str]) -> list[str]:
    found = [code.strip() for code in ticked if code.strip()]
    for code in found:
        check_code(code)
    return found


def _lines(text: str) -> list[str]:
    found = [line.strip() for line in re.split(r"[\n,，;；、]", cleaned(text)) if line.strip()]
    if len(found) > MOST_LINES:
        raise DraftRefused(
            _("Name at most %(n)s divisions; tick towns instead.") % {"n": MOST_LINES}
        )
    return found


def _divisions(text: str) -> list[str]:
    codes = []
    for line in _lines(text):
        found = division_meant(line)
        if isinstance(found, str):
            raise DraftRefused(found)
        codes.append(found.code)
    return codes


def _places(text: str) -> list[str]:
    return [_place(line) for line in dict.fromkeys(_lines(text))]


def _place(line: str) -> str:
    """Return the uuid of the place that a line names, with its village in brackets if need be."""
    bracketed = _IN_BRACKETS.match(line)
    candidates = [(line, "")]
    if bracketed:
        candidates.append((bracketed.group(1).strip(), bracketed.group(2).strip()))
    for name, where in candidates:
        found = [p for p in places_like(name) if p.name == name and where in ("", p.where)]
        if len(found) == 1:
            return found[0].uuid
        if found:
            raise DraftRefused(
                _("“%(name)s” fits %(n)s places: write its village behind it in brackets.")
                % {"name": line, "n": len(found)}
            )
    raise DraftRefused(
        _("There is no place “%(name)s” in the register; choose one from the list.")
        % {"name": line}
    )


def _drawn(text: str) -> list[list[list[float]]]:
    try:
        return rings_of(text)
    except UnusableArea as error:
        raise DraftRefused(
            {
                "no_area": _("A drawn area needs at least three corners that enclose something."),
                "elsewhere": _("A corner of the drawn area lies outside the country."),
                "too_many": _("The drawn area has too many parts or corners; draw it more simply."),
            }.get(error.reason, _("The drawn area cannot be read; draw it again."))
        ) from error


def _moment(text: str, *, what: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
        return at if timezone.is_aware(at) else timezone.make_aware(at)
    except ValueError as error:
        raise DraftRefused(
            _("“%(text)s” is no date with a time (%(what)s).") % {"text": text, "what": what}
        ) from error


def _unless_same(data: Mapping[str, Any], name: str) -> str:
    """Return what was typed; nothing where it is still what the form offered."""
    typed, offered = cleaned(data.get(name, "")), cleaned(data.get(f"{name}_was", ""))
    return "" if typed == offered else typed
