"""Relief's door."""

from anlan.relief.actions.check_in import check_in
from anlan.relief.actions.end_moves import end_moves
from anlan.relief.actions.notify_household import notify_household
from anlan.relief.actions.order_moves import order_moves
from anlan.relief.actions.record_departure import record_departure
from anlan.relief.core import must_move
from anlan.relief.queries.moves import move_records, moves_to_begin, people_counted_in
from anlan.relief.queries.pages import move_spans

__all__ = [
    "check_in",
    "end_moves",
    "move_records",
    "move_spans",
    "moves_to_begin",
    "must_move",
    "notify_household",
    "order_moves",
    "people_counted_in",
    "record_departure",
]
