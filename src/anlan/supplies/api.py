"""The door of supplies."""

from anlan.supplies.actions.restore_snapshot import restore_snapshot
from anlan.supplies.queries.figures import fire_store_figures, flood_store_figures, stock_on_hand
from anlan.supplies.queries.pages import mapped_stores

__all__ = [
    "fire_store_figures",
    "flood_store_figures",
    "mapped_stores",
    "restore_snapshot",
    "stock_on_hand",
]
