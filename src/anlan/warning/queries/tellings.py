"""What there is to tell of each warning of a family: names, people at risk, shelters, sender."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.monitoring.data import Crossing
from anlan.registry.api import bearings, shelters_in
from anlan.registry.data import Bearing
from anlan.warning.core.areas import Draft, Family
from anlan.warning.core.words import joined
from anlan.warning.figures import Telling
from anlan.warning.queries.audience import Called
from anlan.warning.queries.texts import KeptTexts, kept_texts
from anlan.warning.wording import nobody_sentence

MOST_SHELTERS = 5


@dataclass(frozen=True)
class Tellings:
    """What there is to tell of a family, gathered with a fixed number of queries."""

    family: Family
    names: Mapping[str, Bearing]
    people: Mapping[str, int]
    shelters: Mapping[str, str]
    from_above: frozenset[str]
    sender: str
    now: datetime
    kept: KeptTexts

    def of(self, part: Draft) -> Telling:
        """Return what there is to tell of one warning."""
        return self._telling(part.codes, town=self.name(part.town), part=part)

    def whole(self) -> Telling:
        """Return what there is to tell of all of them together, as a form shows it first."""
        parts = self.family.parts
        towns, more = joined([self.name(part.town) for part in parts], most=MOST_SHELTERS)
        if more:
            towns = self.name(self.family.county)
        codes = tuple(code for part in parts for code in part.codes)
        return self._telling(codes, town=towns or self.name(self.family.county), part=None)

    def name(self, code: str) -> str:
        """Return the name of a division, or its code when it has none."""
        return self.names[code].name if code in self.names else code

    def with_note(self, text: str, telling: Telling) -> str:
        """Return a text that somebody wrote, with what must be said of villages without anybody."""
        if not text:
            return ""
        with translation.override(settings.LANGUAGE_CODE):
            return "\n".join(line for line in (text, nobody_sentence(telling)) if line)

    def _telling(self, codes: Iterable[str], *, town: str, part: Draft | None) -> Telling:
        villages = tuple(codes)
        shelters = [self.shelters[code] for code in villages if code in self.shelters]
        return Telling(
            hazard=self.family.hazard,
            colour=self.family.colour,
            town=town,
            villages=tuple(self.name(code) for code in villages),
            sender=self.sender,
            issued_at=self.now,
            onset_at=self.family.onset_at,
            expires_at=self.family.expires_at,
            worst=part.worst if part else self._worst(),
            people=sum(self.people.get(code, 0) for code in villages),
            shelter=joined(shelters, most=MOST_SHELTERS)[0],
            from_above=tuple(self.name(c) for c in villages if c in self.from_above),
        )

    def _worst(self) -> Crossing | None:
        return next((part.worst for part in self.family.parts if part.worst), None)


def tellings_for(
    family: Family, called: Called, *, now: datetime, and_also: Iterable[str] = ()
) -> Tellings:
    """Return what there is to tell of a family whose audience is known.

    With the names come those of the divisions in `and_also`.
    """
    towns = [part.town for part in family.parts]
    villages = [code for part in family.parts for code in part.codes]
    names = bearings([family.county, *towns, *villages, *and_also])
    people: dict[str, int] = defaultdict(int)
    for household in called.households:
        people[household.division_code] += household.people
    shelters: dict[str, str] = {}
    for shelter in shelters_in(towns):
        shelters.setdefault(shelter.division_code, shelter.name)
    county = names[family.county].name if family.county in names else family.county
    return Tellings(
        family=family,
        names=names,
        people=people,
        shelters=shelters,
        from_above=called.from_above,
        sender=family.sender or bureau_of(county),
        now=now,
        kept=kept_texts(family.county),
    )


def bureau_of(county: str) -> str:
    """Return the name of a county's emergency management bureau, in the county's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Emergency Management Bureau of %(county)s") % {"county": county}


def government_of(town: str) -> str:
    """Return the name of a town's government, in the county's language."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("Government of %(town)s") % {"town": town}
