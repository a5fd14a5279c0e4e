"""How much the register holds."""

from collections.abc import Sequence

from django.db.models import Count

from anlan.kernel.tables.table import Table
from anlan.registry.models import Place

COUNTED_ONE_BY_ONE = ("divisions", "organizations", "people", "duties", "households", "teams")


def counts_by_table(tables: Sequence[Table]) -> dict[str, int]:
    """Return how many rows in sight tables have: all places in one query, some others by one."""
    kinds = dict(Place.objects.order_by().values_list("kind").annotate(Count("pk")))
    found: dict[str, int] = {}
    for table in tables:
        if "kind" in table.fixed:
            found[table.name] = kinds.get(table.fixed["kind"], 0)
        elif table.name in COUNTED_ONE_BY_ONE:
            rows = table.model._default_manager.all()
            if table.gone:
                rows = rows.filter(**{f"{table.gone}__isnull": True})
            found[table.name] = rows.count()
    return found
