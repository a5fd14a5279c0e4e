"""The layers of the map that do not move, in as few bytes as they need."""

from typing import Any

from django.utils.translation import gettext as _

from anlan.monitoring.api import mapped_stations
from anlan.registry.api import mapped_divisions, mapped_places, mapped_rivers
from anlan.registry.data import PlaceKind
from anlan.supplies.api import mapped_stores
from anlan.web.core import packed, ten_thousandths

VILLAGE_KINDS = frozenset({"village", "community"})


def layers() -> dict[str, Any]:
    """Return the rows of each layer; positions are in ten-thousandths of a degree.

    d: [code, name, kind letter, people, households, terrain letter, x, y, rings]
    g: [name, kind letter, x, y, key]; rivers: [name, rings]; other places: [name, x, y, fact]
    """
    places = _places()
    return {
        "d": _divisions(),
        "g": [
            [s.name, s.kind.value, ten_thousandths(s.lon), ten_thousandths(s.lat), s.id]
            for s in mapped_stations()
        ],
        "h": places[PlaceKind.HAZARD_POINT],
        "r": places[PlaceKind.RESERVOIR],
        "e": places[PlaceKind.SHELTER],
        "v": [[river.name, packed(river.course)] for river in mapped_rivers()],
        "s": [
            [
                store.name,
                ten_thousandths(store.lon),
                ten_thousandths(store.lat),
                f"{store.store_kind.label} · {store.tier.label} · "
                + _("%(value).1f × 10⁴ yuan on hand") % {"value": store.value_yuan / 10_000},
            ]
            for store in mapped_stores()
        ],
    }


def _divisions() -> list[list[Any]]:
    """Return counties first and villages last: what is drawn later lies on top."""
    rows = mapped_divisions()
    ordered = sorted(rows, key=lambda row: row.kind in VILLAGE_KINDS)
    return [
        [
            row.code,
            row.name,
            "v" if row.kind in VILLAGE_KINDS else "c" if row.kind == "county" else "t",
            row.population,
            row.households,
            row.terrain[0],
            ten_thousandths(row.lon),
            ten_thousandths(row.lat),
            packed(row.boundary),
        ]
        for row in ordered
    ]


def _places() -> dict[PlaceKind, list[list[Any]]]:
    kinds = (PlaceKind.HAZARD_POINT, PlaceKind.RESERVOIR, PlaceKind.SHELTER)
    found: dict[PlaceKind, list[list[Any]]] = {kind: [] for kind in kinds}
    for place in mapped_places(kinds):
        found[place.kind].append(
            [
                place.name,
                ten_thousandths(place.lon),
                ten_thousandths(place.lat),
                _fact(place.kind, place.figures),
            ]
        )
    return found


def _fact(kind: PlaceKind, figures: Any) -> str:
    if not figures:
        return ""
    if kind is PlaceKind.RESERVOIR:
        return _("%(volume).0f × 10⁴ m³, flood limit %(level).1f m") % {
            "volume": figures["capacity_m3"] / 10_000,
            "level": figures["flood_limit_m"],
        }
    if kind is PlaceKind.SHELTER:
        return _("room for %(people)s people") % {"people": figures["capacity"]}
    return _("%(kind)s, threatens %(households)s households, %(people)s people") % {
        "kind": figures["hazard"],
        "households": figures["households"],
        "people": figures["people"],
    }
