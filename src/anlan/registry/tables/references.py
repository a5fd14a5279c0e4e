"""The references of the register's tables: what a cell may name, and how it is found."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.tables.columns import Reference
from anlan.registry.data import PlaceKind
from anlan.registry.models import Household, Organization, Place, Post, River, Team
from anlan.registry.tables.finding import (
    Candidate,
    by_name,
    division_word,
    find_divisions,
    nearest,
    settled,
)
from anlan.registry.tables.persons import people_finder

ORGAN_FIRST = _("Write “organ/title”.")
ADDRESS_TOO = _("Write the address in brackets after the name.")


def _first(row: Sequence[Any]) -> str:
    return str(row[0])


DIVISION = Reference(
    find=find_divisions,
    paths=("name", "parent__name", "kind"),
    word=division_word,
    suggestions="divisions",
)
PERSON = Reference(
    find=people_finder(may_add=False), paths=("name",), word=_first, suggestions="people"
)
ANSWERING = Reference(
    find=people_finder(may_add=True), paths=("name",), word=_first, suggestions="people"
)
ORGANIZATION = Reference(
    find=by_name(Organization, what=_("organ")),
    paths=("name",),
    word=_first,
    suggestions="organizations",
)
TEAM = Reference(
    find=by_name(Team, what=_("team")), paths=("name",), word=_first, suggestions="teams"
)
RIVER = Reference(
    find=by_name(River, what=_("river"), fields=("code", "name")),
    paths=("name",),
    word=_first,
    suggestions="rivers",
)


def post_word(row: Sequence[Any]) -> str:
    """Return how a post is named: its organ and its title."""
    organ, title = row
    return f"{organ}/{title}"


def find_posts(wanted: Any) -> Any:
    """Find posts by title, “organ/title” where the title alone is not enough."""
    titles = {(text.rpartition("/")[2], home): (text, home) for text, home in wanted}
    rows = Post.objects.filter(title__in=sorted({title for title, _home in titles}))
    known = list(rows.values_list("pk", "organization__name", "title", "division_id"))
    return {ask: _post(ask, known) for ask in wanted}


def _post(ask: tuple[str, str], known: Sequence[tuple[Any, str, str, str]]) -> Any:
    text, home = ask
    organ, _slash, title = text.rpartition("/")
    fits = [
        Candidate(key=pk, home=at, name=found, text=post_word((name, found)))
        for pk, name, found, at in known
        if found == title and (not organ or name == organ)
    ]
    return settled(nearest(fits, home=home), text=text, what=_("post"), remedy=ORGAN_FIRST)


def place_of(*kinds: PlaceKind) -> Reference:
    """Return the reference to a place of these kinds, of any kind when none is named."""
    return Reference(
        find=by_name(
            Place,
            what=_("place"),
            fields=("code", "name"),
            only={"kind__in": [kind.value for kind in kinds]} if kinds else None,
        ),
        paths=("name",) if not kinds else ("place__name",),
        word=_first,
        suggestions="places",
    )


def household_word(row: Sequence[Any]) -> str:
    """Return how a household is named: its head and its address."""
    head, address = row
    return f"{head}（{address}）"


def find_households(wanted: Any) -> Any:
    """Find households by their head, with the address in brackets where that is not enough."""
    heads = sorted({text.partition("（")[0].partition("(")[0] for text, _home in wanted})
    rows = Household.objects.filter(head_name__in=heads)
    known = list(rows.values_list("pk", "head_name", "address", "division_id"))
    return {ask: _household(ask, known) for ask in wanted}


def _household(ask: tuple[str, str], known: Sequence[tuple[Any, str, str, str]]) -> Any:
    text, home = ask
    plain = text.replace("(", "（").replace(")", "）")
    fits = [
        Candidate(key=pk, home=at, name=head, text=household_word((head, address)))
        for pk, head, address, at in known
        if plain in (head, household_word((head, address)))
    ]
    return settled(nearest(fits, home=home), text=text, what=_("household"), remedy=ADDRESS_TOO)


HOUSEHOLD = Reference(
    find=find_households, paths=("head_name", "address"), word=household_word, suggestions=""
)
POST = Reference(
    find=find_posts, paths=("organization__name", "title"), word=post_word, suggestions="posts"
)
