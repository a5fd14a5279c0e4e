"""What a cell that names another record may say, a few at a time while somebody types."""

from typing import Any

from anlan.kernel.tables.columns import Column, Reference
from anlan.registry.models import Division, Organization, Person, Place, Post, River, Team
from anlan.registry.tables.finding import division_word

MOST = 12
SOURCES: dict[str, tuple[Any, str, tuple[str, ...]]] = {
    "divisions": (Division, "name", ("name", "parent__name", "kind")),
    "organizations": (Organization, "name", ("name",)),
    "people": (Person, "name", ("name",)),
    "teams": (Team, "name", ("name",)),
    "rivers": (River, "name", ("name",)),
    "posts": (Post, "title", ("organization__name", "title")),
    "places": (Place, "name", ("name",)),
}


def suggestions_for(column: Column, words: str) -> list[str]:
    """Return a few texts in sight that the column could take and that hold the words."""
    kind = column.kind
    if not isinstance(kind, Reference) or kind.suggestions not in SOURCES:
        return []
    model, field, paths = SOURCES[kind.suggestions]
    part = words.replace("\x00", "").rpartition("/")[2].strip()[:40]
    rows = model.objects.order_by(field, "pk")
    if part:
        rows = rows.filter(**{f"{field}__icontains": part})
    if model is Division:
        rows = rows.filter(ended_on__isnull=True)
    word = division_word if model is Division else kind.word
    found = [word(row) for row in rows.values_list(*paths)[: 3 * MOST]]
    return list(dict.fromkeys(found))[:MOST]
