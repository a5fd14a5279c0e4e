"""Stores at three tiers with what lies in them, entered as moves from a supplier."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from anlan.demo.district.ground import lonlat
from anlan.demo.district.rows import COUNTY, District, Village
from anlan.registry.data import DutyKind

Catalogue = Sequence[tuple[str, str, str, float]]

# name, unit, usual price in yuan, weight in the mix: from light to dear, by tier
COUNTY_ITEMS = (
    ("编织袋", "条", "1.60", 40.0),
    ("土工布", "平方米", "9.50", 8.0),
    ("救生衣", "件", "86.00", 10.0),
    ("铁锹", "把", "23.00", 8.0),
    ("雨衣", "套", "58.00", 7.0),
    ("应急照明灯", "只", "168.00", 3.0),
    ("棉被", "床", "128.00", 11.0),
    ("折叠床", "张", "155.00", 6.0),
    ("毛毯", "条", "75.00", 5.0),
    ("12平米帐篷", "顶", "1480.00", 3.1),
    ("抽水泵", "台", "3650.00", 0.5),
    ("发电机", "台", "6800.00", 0.3),
    ("冲锋舟", "艘", "28500.00", 0.06),
)
TOWN_ITEMS = (
    ("编织袋", "条", "1.60", 60.0),
    ("铁锹", "把", "23.00", 12.0),
    ("雨衣", "套", "58.00", 8.0),
    ("救生衣", "件", "86.00", 4.2),
    ("手电筒", "只", "32.00", 6.0),
    ("棉被", "床", "128.00", 2.4),
    ("救生绳", "根", "45.00", 5.0),
    ("抽水泵", "台", "3650.00", 0.05),
)
VILLAGE_ITEMS = (
    ("编织袋", "条", "1.60", 70.0),
    ("铁锹", "把", "23.00", 14.0),
    ("雨衣", "套", "58.00", 5.0),
    ("铜锣", "面", "65.00", 4.0),
    ("手摇报警器", "台", "180.00", 1.3),
    ("手电筒", "只", "32.00", 7.0),
)
FIRE_ITEMS = (
    ("风力灭火机", "台", "2350.00", 2.0),
    ("二号工具", "把", "28.00", 50.0),
    ("灭火水枪", "支", "165.00", 12.0),
    ("防火服", "套", "420.00", 15.0),
    ("砍刀", "把", "36.00", 20.0),
)
COUNTY_STOCK = (28_000, Decimal("4245800.00"))
TOWN_STOCK = (40_000, Decimal("867300.00"))
VILLAGE_STOCK = (89_000, Decimal("1289800.00"))
COUNTY_FIRE_STORES = ("区级森林防火物资库", "区级北部分库", "区级南部分库", "消防大队专班库")
FARM_FIRE_STORES = ("国有云岭林场物资库", "国有松岭林场物资库", "国有石岭林场物资库")


class Lot(NamedTuple):
    """So many pieces of an item for one store, at a price."""

    store: int
    name: str
    unit: str
    quantity: int
    price: Decimal


class StockBook:
    """Locations, catalogue and moves as they are written."""

    def __init__(self, district: District, *, at: datetime) -> None:
        self.district = district
        self.at = at
        self.items: dict[str, int] = {}
        self.supplier = district.add(
            "supplies",
            "StockLocation",
            division_id=COUNTY,
            place_id=None,
            kind="supplier",
            tier="",
            store_kind="",
            name="供应商",
        )

    def store(self, village: Village, *, division: str, name: str, tier: str, kind: str) -> int:
        """Add a store beside a village, with its keeper, and return its location."""
        lon, lat = lonlat(village.x + 0.15, village.y + 0.1)
        place = self.district.place("store", division=division, name=name, lon=lon, lat=lat)
        keeper = village.leader_id
        if tier != "village":
            keeper = self.district.person(division, organization_id=None)
        self.district.duty(
            DutyKind.WAREHOUSE_KEEPER,
            person_id=keeper,
            division=division,
            place_id=place,
        )
        return self.district.add(
            "supplies",
            "StockLocation",
            division_id=division,
            place_id=place,
            kind="store",
            tier=tier,
            store_kind=kind,
            name=name,
        )

    def receive(self, store: int, *, name: str, unit: str, quantity: int, price: Decimal) -> None:
        """Write a lot's move into a store and its balance."""
        if name not in self.items:
            code = f"BB{len(self.items) + 1:03d}"
            self.items[name] = self.district.add(
                "supplies", "StockItem", code=code, name=name, unit=unit
            )
        item = self.items[name]
        self.district.add(
            "supplies",
            "StockMove",
            uuid=self.district.uuid(),
            item_id=item,
            source_id=self.supplier,
            target_id=store,
            quantity=quantity,
            unit_price_yuan=price,
            moved_at=self.at,
            reason="期初入库",
        )
        balances = self.district.rows["supplies"]["StockBalance"]
        for row in reversed(balances[-40:]):
            if (row["location_id"], row["item_id"], row["unit_price_yuan"]) == (store, item, price):
                row["quantity"] += quantity
                return
        self.district.add(
            "supplies",
            "StockBalance",
            location_id=store,
            item_id=item,
            unit_price_yuan=price,
            quantity=quantity,
        )

    def fill(
        self, stores: Sequence[int], catalogue: Catalogue, *, pieces: int, value: Decimal | None
    ) -> None:
        """Spread so many pieces over stores and items; prices scale so that the value is exact.

        Each lot was bought at its own price, a few percent off the usual one; one factor near 1
        for all lots brings the sum to the value, and the cents that remain are on the price of
        single pieces of the last lot.
        """
        lots = [
            lot._replace(price=lot.price * self.district.chance.randint(96, 104) / 100)
            for lot in self._lots(stores, catalogue, pieces=pieces)
        ]
        usual = sum((lot.price * lot.quantity for lot in lots), Decimal(0))
        factor = Decimal(1) if value is None else value / usual
        spent = Decimal(0)
        for number, (store, name, unit, quantity, price) in enumerate(lots):
            paid = _shop_price(price * factor)
            if value is not None and number == len(lots) - 1:
                self._last(store, name=name, unit=unit, quantity=quantity, left=value - spent)
            else:
                self.receive(store, name=name, unit=unit, quantity=quantity, price=paid)
                spent += paid * quantity

    def _last(self, store: int, *, name: str, unit: str, quantity: int, left: Decimal) -> None:
        """Enter the last lot as two prices one cent apart, so that its value is exactly `left`."""
        cents = int(left * 100)
        if cents < quantity:
            raise ValueError("the lots before the last one took the whole value")
        low, dearer = divmod(cents, quantity)
        for count, price in ((quantity - dearer, low), (dearer, low + 1)):
            if count:
                self.receive(
                    store, name=name, unit=unit, quantity=count, price=Decimal(price) / 100
                )

    def _lots(self, stores: Sequence[int], catalogue: Catalogue, *, pieces: int) -> list[Lot]:
        """Return lots whose pieces add up exactly; the last lot is of a dear item and is large."""
        chance = self.district.chance
        weights = [
            (store, *item[:3], item[3] * chance.uniform(0.8, 1.2))
            for store in stores
            for item in sorted(catalogue, key=lambda item: Decimal(item[2]), reverse=True)
        ]
        total = sum(weight for *_x, weight in weights)
        found: list[Lot] = []
        given, running = 0, 0.0
        for store, name, unit, price, weight in weights:
            running += weight
            upto = round(running / total * pieces)
            if upto > given:
                found.append(Lot(store, name, unit, upto - given, Decimal(price)))
                given = upto
        return found


def _shop_price(price: Decimal) -> Decimal:
    """Return a price as shops write it: in cents below ten yuan, then in tenths, then whole."""
    step = "0.01" if price < 10 else "0.1" if price < 200 else "1"
    return max(price.quantize(Decimal(step)), Decimal("0.01"))


def make_stores(district: District, *, at: datetime) -> None:
    """Add the flood, relief and fire stores of the essay with their stock."""
    book = StockBook(district, at=at)
    centre = district.villages[0]
    seats: dict[str, Village] = {}
    for village in district.villages:
        seats.setdefault(village.town_code, village)
    county = [
        book.store(centre, division=COUNTY, name="防汛物资仓库", tier="county", kind="flood"),
        book.store(centre, division=COUNTY, name="救灾物资库", tier="county", kind="relief"),
    ]
    towns = [
        book.store(
            seats[town],
            division=town,
            name=f"{district.towns[town]}防汛物资库",
            tier="town",
            kind="flood",
        )
        for town in sorted(district.towns)
    ]
    villages = [
        book.store(v, division=v.code, name=f"{v.name}物资储备点", tier="village", kind="flood")
        for v in district.villages
    ]
    book.fill(county, COUNTY_ITEMS, pieces=COUNTY_STOCK[0], value=COUNTY_STOCK[1])
    book.fill(towns, TOWN_ITEMS, pieces=TOWN_STOCK[0], value=TOWN_STOCK[1])
    book.fill(villages, VILLAGE_ITEMS, pieces=VILLAGE_STOCK[0], value=VILLAGE_STOCK[1])
    fire = [
        book.store(centre, division=COUNTY, name=name, tier="county", kind="fire")
        for name in COUNTY_FIRE_STORES
    ]
    wooded = sorted(town for town in district.towns if not town.startswith("990701001"))
    fire += [
        book.store(
            seats[town],
            division=town,
            name=f"{district.towns[town]}防火物资库",
            tier="town",
            kind="fire",
        )
        for town in wooded
    ]
    south = sorted(wooded, key=lambda town: seats[town].y)
    fire += [
        book.store(
            seats[south[n]], division=seats[south[n]].code, name=name, tier="town", kind="fire"
        )
        for n, name in enumerate(FARM_FIRE_STORES)
    ]
    book.fill(fire, FIRE_ITEMS, pieces=5_600, value=None)
