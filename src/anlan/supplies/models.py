from typing import ClassVar

from django.db import models

from anlan.kernel.fields import detail_of, reference
from anlan.kernel.scope import ScopedModel
from anlan.supplies.data import LocationKind, StoreKind, Tier


class StockItem(models.Model):
    """A line of the catalogue: what one piece of it is."""

    personal_data: ClassVar[tuple[str, ...]] = ()

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.name


class StockLocation(ScopedModel):
    """Where stock can be. A store has a place on the map; supplier, consumer and loss have none."""

    division = reference("registry.Division")
    place = detail_of("registry.Place", null=True)
    kind = models.CharField(max_length=10, choices=LocationKind.choices)
    tier = models.CharField(max_length=10, choices=Tier.choices, blank=True)
    store_kind = models.CharField(max_length=10, choices=StoreKind.choices, blank=True)
    name = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="store_has_tier_and_place",
                condition=~models.Q(kind="store")
                | (models.Q(place__isnull=False) & ~models.Q(tier="") & ~models.Q(store_kind="")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class StockMove(ScopedModel):
    """So many pieces went from one location to another: the ledger. Rows are never changed."""

    scope_path = "target__division_id"

    uuid = models.UUIDField(unique=True)
    item = reference("supplies.StockItem")
    source = reference("supplies.StockLocation")
    target = reference("supplies.StockLocation")
    quantity = models.PositiveIntegerField()
    unit_price_yuan = models.DecimalField(max_digits=12, decimal_places=2)
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="move_of_something", condition=models.Q(quantity__gt=0)),
            models.CheckConstraint(
                name="move_between_two", condition=~models.Q(source=models.F("target"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.item_id}"


class StockBalance(ScopedModel):
    """What the moves of a store add up to, per item and price; kept in the move's transaction."""

    scope_path = "location__division_id"

    location = reference("supplies.StockLocation")
    item = reference("supplies.StockItem")
    unit_price_yuan = models.DecimalField(max_digits=12, decimal_places=2)
    quantity = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["location", "item", "unit_price_yuan"], name="balance_once"
            ),
            models.CheckConstraint(
                name="balance_not_negative", condition=models.Q(quantity__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.item_id} at {self.location_id}"
