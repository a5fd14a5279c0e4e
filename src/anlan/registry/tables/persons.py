"""Finding people: by name near the row's place, by phone where the name is not enough."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from anlan.kernel.encryption import encrypt, index_of
from anlan.kernel.sheets.cells import BadCell, as_phone
from anlan.kernel.tables.columns import Found, Wanted
from anlan.registry.models import Person
from anlan.registry.tables.finding import CHUNK, Candidate, nearest, settled

PHONE = re.compile(r"(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7,8})")


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom a sheet names with a phone and whom the register does not know yet."""

    name: str
    phone: str

    @cached_property
    def sealed_phone(self) -> str:
        """Return the phone as the database holds it."""
        return encrypt(self.phone) if self.phone else ""


@dataclass(frozen=True)
class Named:
    """What a cell says of a person."""

    name: str
    phone: str


def named(text: str) -> Named:
    """Return the name and the phone that a cell gives."""
    match = PHONE.search(text)
    if match is None:
        return Named(name=text.strip(), phone="")
    name = (text[: match.start()] + text[match.end() :]).strip(" （）(),，、/:：")
    try:
        return Named(name=name, phone=as_phone(match.group(1)) or "")
    except BadCell:
        return Named(name=text.strip(), phone="")


def people_finder(*, may_add: bool) -> Callable[[Sequence[Wanted]], dict[Wanted, Found | str]]:
    """Return a finder of people; with `may_add` a name with an unknown phone is a new person."""

    def find(wanted: Sequence[Wanted]) -> dict[Wanted, Found | str]:
        said = {text: named(text) for text, _home in wanted}
        known = _known(list(said.values()))
        return {
            (text, home): _person(text, said[text], known, home=home, may_add=may_add)
            for text, home in wanted
        }

    return find


@dataclass(frozen=True)
class _Known:
    by_name: dict[str, list[Candidate]]
    by_phone: dict[str, list[Candidate]]


def _known(said: Sequence[Named]) -> _Known:
    names = sorted({each.name for each in said if each.name and not each.phone})
    phones = sorted({index_of(each.phone) for each in said if each.phone})
    return _Known(by_name=_rows("name", names), by_phone=_rows("phone_index", phones))


def _rows(field: str, values: Sequence[str]) -> dict[str, list[Candidate]]:
    found: dict[str, list[Candidate]] = defaultdict(list)
    present = Person.objects.filter(left_on__isnull=True)
    for start in range(0, len(values), CHUNK):
        rows = present.filter(**{f"{field}__in": values[start : start + CHUNK]})
        for key, value, home, name in rows.values_list("pk", field, "division_id", "name"):
            found[value].append(Candidate(key=key, home=home, name=name, text=name))
    return found


def _person(text: str, said: Named, known: _Known, *, home: str, may_add: bool) -> Found | str:
    if not said.phone:
        return settled(
            nearest(known.by_name.get(said.name, ()), home=home),
            text=said.name,
            what=_("person"),
            remedy=_("Write the phone after the name."),
        )
    holders = nearest(known.by_phone.get(index_of(said.phone), ()), home=home)
    fits = [each for each in holders if not said.name or each.name == said.name]
    if fits:
        return settled(fits, text=said.name, what=_("person"))
    if holders:
        return _("The phone after “%(name)s” belongs to somebody else of the register.") % {
            "name": said.name
        }
    if may_add and said.name:
        return Found(key=NewPerson(name=said.name, phone=said.phone), home=home, text=said.name)
    return _("There is no person “%(name)s” with this phone here; add the person first.") % {
        "name": said.name
    }
