"""What lies in the stores, and what the ledger never lets happen."""

import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from anlan.kernel import clock, scope
from anlan.registry.data import PlaceKind
from anlan.supplies.api import mapped_stores, stock_on_hand
from anlan.supplies.data import LocationKind, StoreKind, Tier
from anlan.supplies.models import StockBalance, StockItem, StockLocation, StockMove
from tests.cast import COUNTY, LOWER, UPPER, place


def store(cast, name, *, at, tier=Tier.TOWN, kind=StoreKind.FLOOD):
    return StockLocation.objects.create(
        division_id=at,
        place_id=place(cast, name, kind=PlaceKind.STORE, at=at),
        kind=LocationKind.STORE,
        tier=tier,
        store_kind=kind,
        name=name,
    )


@pytest.fixture
def stores(cast):
    item = StockItem.objects.create(code="rope", name="绳", unit="根")
    made = {
        "upper": store(cast, "upper", at=UPPER),
        "lower": store(cast, "lower", at=LOWER),
        "county": store(cast, "county", at=COUNTY, tier=Tier.COUNTY, kind=StoreKind.RELIEF),
    }
    for location, quantity, price in (
        (made["upper"], 10, "2.50"),
        (made["upper"], 4, "3.00"),
        (made["county"], 100, "1.25"),
    ):
        StockBalance.objects.create(
            location=location, item=item, unit_price_yuan=Decimal(price), quantity=quantity
        )
    return made


def test_a_store_shows_its_pieces_and_their_value(stores):
    found = {row.name: (row.pieces, row.value_yuan) for row in mapped_stores()}
    assert found["upper"] == (14, Decimal("37.00"))
    assert found["county"] == (100, Decimal("125.00"))
    assert found["lower"][0] == 0


def test_a_town_sees_its_own_stores(stores):
    with scope.limited_to([LOWER]):
        assert [row.name for row in mapped_stores()] == ["lower"]


def test_a_tier_is_summed_over_its_stores(stores):
    held = stock_on_hand(tier=Tier.TOWN, kinds=(StoreKind.FLOOD, StoreKind.RELIEF))
    assert (held.stores, held.items, held.value_yuan) == (2, 14, Decimal("37.00"))
    none = stock_on_hand(tier=Tier.VILLAGE, kinds=(StoreKind.FLOOD,))
    assert (none.stores, none.items, none.value_yuan) == (0, 0, Decimal(0))


def test_stock_never_goes_below_zero(stores):
    with pytest.raises(IntegrityError), transaction.atomic():
        StockBalance.objects.filter(location=stores["upper"]).update(quantity=-1)


@pytest.mark.parametrize(("quantity", "to"), [(0, "lower"), (5, "upper")])
def test_a_move_moves_something_somewhere_else(stores, quantity, to):
    with pytest.raises(IntegrityError), transaction.atomic():
        StockMove.objects.create(
            uuid=uuid.uuid4(),
            item=StockItem.objects.get(),
            source=stores["upper"],
            target=stores[to],
            quantity=quantity,
            unit_price_yuan=1,
            moved_at=clock.now(),
            reason="r",
        )


def test_a_store_has_a_place_a_tier_and_a_kind(stores):
    for columns in ({"tier": ""}, {"store_kind": ""}, {"place": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            StockLocation.objects.filter(pk=stores["upper"].pk).update(**columns)
