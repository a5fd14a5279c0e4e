"""What crosses the stores' door."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class StoreKind(TextChoices):
    """What a store is kept for."""

    FLOOD = "flood", _("flood store")
    RELIEF = "relief", _("relief store")
    FIRE = "fire", _("forest fire store")


class Tier(TextChoices):
    """Whose store it is."""

    COUNTY = "county", _("county")
    TOWN = "town", _("town or forest unit")
    VILLAGE = "village", _("village")


class LocationKind(TextChoices):
    """Where stock can be: in a store, or outside the county's hands."""

    STORE = "store", _("store")
    SUPPLIER = "supplier", _("supplier")
    CONSUMER = "consumer", _("consumer")
    LOSS = "loss", _("loss")


@dataclass(frozen=True)
class StockOnHand:
    """Pieces and value of what lies in a group of stores."""

    stores: int
    items: int
    value_yuan: Decimal
