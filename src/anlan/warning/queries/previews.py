"""What would go out if a draft were issued now: to whom, in which words, and who cannot be reached.

The same reads freeze the audience when it is issued.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from anlan.kernel import scope
from anlan.kernel.actors import Actor
from anlan.registry.data import Colour, DutyKind
from anlan.warning.core.moving import moves_people
from anlan.warning.data import Audience
from anlan.warning.models import WarningDraft
from anlan.warning.queries.audience import Called, Why, called_for, unreachable_among
from anlan.warning.queries.drafts import Resolved
from anlan.warning.queries.rules import beyond, is_of_town, issuing_in
from anlan.warning.queries.tellings import Tellings, government_of, tellings_for
from anlan.warning.queries.texts import Words, advice_for, words_for


@dataclass(frozen=True)
class TownRow:
    """A town of the draft with its villages by name."""

    name: str
    villages: tuple[str, ...]


@dataclass(frozen=True)
class UnreachableRow:
    """Somebody who cannot be reached, as a page shows it."""

    name: str
    duty: DutyKind
    village: str
    why: Why


@dataclass(frozen=True)
class Homes:
    """The households at risk: how many, and how many of them without a carer or a phone.

    They are told by phone to leave where `are_told`.
    """

    count: int
    people: int
    without_carer: int
    with_phone: int
    are_told: bool


@dataclass(frozen=True)
class Preview:
    """What a draft comes to, as its page shows it."""

    towns: tuple[TownRow, ...]
    villages: int
    skipped: tuple[tuple[str, Colour], ...]
    leaving: tuple[str, ...]
    places: tuple[str, ...]
    persons: int
    duties: tuple[tuple[DutyKind, int], ...]
    homes: Homes
    unreachable: tuple[UnreachableRow, ...]
    from_above: tuple[str, ...]
    nobody: tuple[str, ...]
    words: Words
    instruction: str
    household_words: Words
    issuers: tuple[str, ...]
    may_issue: bool
    is_automatic: bool
    is_over: bool


def preview_of(draft: WarningDraft, found: Resolved, *, by: Actor, now: datetime) -> Preview:
    """Return what issuing a draft now would do; queries do not grow with its villages."""
    family = found.family
    codes = found.villages
    with scope.limited_to([family.county]):
        called = called_for(found.family.meant, county=family.county, hazard=family.hazard, at=now)
        tellings = _tellings(draft, found, called, by=by, now=now)
        issuing = issuing_in(family.county, hazard=family.hazard, colour=family.colour, now=now)
    unreachable = unreachable_among(
        called, villages=codes, county=family.county, hazard=family.hazard, at=now
    )
    name = tellings.name
    words = planned_words(tellings)
    return Preview(
        towns=_towns(found, tellings),
        villages=len(codes),
        skipped=tuple((name(code), colour) for code, colour in sorted(found.skipped.items())),
        leaving=tuple(name(area.division_id) for area in found.leaving),
        places=tuple(place.name for place in found.places),
        persons=len(called.person_ids),
        duties=tuple(called.by_duty),
        homes=_homes(found, called),
        unreachable=tuple(
            UnreachableRow(each.name, each.duty, name(each.village), each.why)
            for each in unreachable
        ),
        from_above=tuple(name(code) for code in codes if code in called.from_above),
        nobody=tuple(name(code) for code in codes if code in called.nobody),
        words=words,
        instruction=family.instruction or advice_for(tellings.whole()),
        household_words=words_for(Audience.HOUSEHOLD, tellings.whole(), kept=tellings.kept),
        issuers=tuple(str(role.label) for role in sorted(issuing.roles)),
        may_issue=not beyond(by, issuing=issuing, villages=codes, now=now),
        is_automatic=issuing.is_automatic,
        is_over=found.is_over,
    )


def planned_words(tellings: Tellings) -> Words:
    """Return the words as they would go out: those of a person, else the county's."""
    family, telling = tellings.family, tellings.whole()
    usual = words_for(Audience.ANSWERABLE, telling, kept=tellings.kept)
    return Words(
        title=family.title or usual.title,
        text=tellings.with_note(family.text, telling) or usual.text,
    )


def usual_words(
    draft: WarningDraft, found: Resolved, *, by: Actor, now: datetime
) -> tuple[Words, str]:
    """Return the county's words for a draft and what to do, as a form offers them."""
    plain = replace(found, family=replace(found.family, title="", text="", instruction=""))
    called = Called(people=(), households=(), from_above=frozenset(), nobody=frozenset())
    with scope.limited_to([found.family.county]):
        tellings = _tellings(draft, plain, called, by=by, now=now)
    return planned_words(tellings), advice_for(tellings.whole())


def _tellings(
    draft: WarningDraft, found: Resolved, called: Called, *, by: Actor, now: datetime
) -> Tellings:
    family = found.family
    extra = [*found.skipped, *(area.division_id for area in found.leaving), draft.division_id]
    tellings = tellings_for(family, called, now=now, and_also=extra)
    if draft.origin == "rule" or by.account_id is None or not is_of_town(by, now=now):
        return tellings
    return replace(tellings, sender=government_of(tellings.name(draft.division_id)))


def _towns(found: Resolved, tellings: Tellings) -> tuple[TownRow, ...]:
    villages: dict[str, list[str]] = defaultdict(list)
    for part in found.family.parts:
        villages[part.town] += [tellings.name(code) for code in part.codes]
    return tuple(TownRow(tellings.name(town), tuple(names)) for town, names in villages.items())


def _homes(found: Resolved, called: Called) -> Homes:
    homes = called.households
    return Homes(
        count=len(homes),
        people=sum(home.people for home in homes),
        without_carer=sum(not home.has_carer for home in homes),
        with_phone=sum(home.has_phone for home in homes),
        are_told=moves_people(found.family.hazard, colour=found.family.colour),
    )
