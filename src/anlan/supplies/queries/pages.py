"""Reads for the pages: the stores on the map with what lies in them."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import DecimalField, ExpressionWrapper, F, Sum

from anlan.supplies.data import LocationKind, StoreKind, Tier
from anlan.supplies.models import StockBalance, StockLocation


@dataclass(frozen=True)
class MappedStore:
    """A store as the map draws it, with the pieces on hand and their value."""

    id: int
    name: str
    tier: Tier
    store_kind: StoreKind
    division_code: str
    lon: float
    lat: float
    pieces: int
    value_yuan: Decimal


def mapped_stores() -> list[MappedStore]:
    """Return the stores in sight, by name, with what lies in them."""
    value = ExpressionWrapper(
        F("quantity") * F("unit_price_yuan"),
        output_field=DecimalField(max_digits=20, decimal_places=2),
    )
    held = {
        location: (pieces, worth)
        for location, pieces, worth in StockBalance.objects.values("location_id")
        .annotate(pieces=Sum("quantity"), worth=Sum(value))
        .values_list("location_id", "pieces", "worth")
    }
    rows = (
        StockLocation.objects.filter(kind=LocationKind.STORE)
        .select_related("place")
        .order_by("name", "pk")
    )
    return [
        MappedStore(
            id=row.pk,
            name=row.name,
            tier=Tier(row.tier),
            store_kind=StoreKind(row.store_kind),
            division_code=row.division_id,
            lon=row.place.lon,
            lat=row.place.lat,
            pieces=held.get(row.pk, (0, Decimal(0)))[0],
            value_yuan=held.get(row.pk, (0, Decimal(0)))[1],
        )
        for row in rows
    ]
