"""The stores' figures, counted from the ledger's balances."""

from decimal import Decimal

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Sum

from anlan.supplies.data import LocationKind, StockOnHand, StoreKind, Tier
from anlan.supplies.models import StockBalance, StockLocation

Figures = dict[str, int | float]
FLOOD_AND_RELIEF = (StoreKind.FLOOD, StoreKind.RELIEF)


def stock_on_hand(*, tier: Tier, kinds: tuple[StoreKind, ...]) -> StockOnHand:
    """Return stores, pieces and value in yuan of a tier's stores of these kinds."""
    stores = StockLocation.objects.filter(kind=LocationKind.STORE, tier=tier, store_kind__in=kinds)
    value = ExpressionWrapper(
        F("quantity") * F("unit_price_yuan"),
        output_field=DecimalField(max_digits=16, decimal_places=2),
    )
    sums = StockBalance.objects.filter(location__in=stores.values("pk")).aggregate(
        items=Sum("quantity"), value=Sum(value)
    )
    return StockOnHand(
        stores=stores.count(), items=sums["items"] or 0, value_yuan=sums["value"] or Decimal(0)
    )


def flood_store_figures() -> Figures:
    """Return stores, pieces and value in 万元 of flood and relief stores, in all and by tier."""
    found: Figures = {"items": 0, "items_wan": 0.0, "value_yuan": 0.0, "value_wan_yuan": 0.0}
    value = Decimal(0)
    for tier in Tier:
        held = stock_on_hand(tier=tier, kinds=FLOOD_AND_RELIEF)
        found["items"] += held.items
        value += held.value_yuan
        found[f"{tier.value}_stores"] = held.stores
        found[f"{tier.value}_items"] = held.items
        found[f"{tier.value}_value_wan_yuan"] = _wan(held.value_yuan)
    found["items_wan"] = round(found["items"] / 1e4, 4)
    found["value_yuan"] = int(value) if value == int(value) else float(value)
    found["value_wan_yuan"] = _wan(value)
    return found


def fire_store_figures() -> Figures:
    """Return how many fire stores there are, in all and by tier."""
    counts = dict(
        StockLocation.objects.filter(kind=LocationKind.STORE, store_kind=StoreKind.FIRE)
        .values_list("tier")
        .annotate(Count("pk"))
    )
    return {
        "fire_stores": sum(counts.values()),
        "county_fire_stores": counts.get(Tier.COUNTY, 0),
        "town_and_forest_unit_fire_stores": counts.get(Tier.TOWN, 0),
    }


def _wan(yuan: Decimal) -> float:
    return round(float(yuan / 10_000), 4)
