"""The rows that the checks look at, as the queries load them. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from anlan.kernel.codes import prefix_of
from anlan.registry.data import DivisionKind, DutyKind, PlaceKind, PostKind


@dataclass(frozen=True)
class DivisionRow:
    """A division that has not ended."""

    code: str
    kind: DivisionKind
    name: str


@dataclass(frozen=True)
class PersonRow:
    """A person as the checks see them.

    `has_phone` tells whether a number of theirs works, `has_deputy` whether a deputy of their own
    is there.
    """

    id: int
    uuid: str
    name: str
    division_code: str
    left_on: date | None
    deputy_id: int | None
    phone_checked_on: date | None
    has_phone: bool
    has_deputy: bool

    def has_left(self, day: date) -> bool:
        """Tell whether the person is gone on a day."""
        return self.left_on is not None and self.left_on <= day


@dataclass(frozen=True)
class DutyRow:
    """A duty that has begun, whether it still holds or not."""

    uuid: str
    kind: DutyKind
    division_code: str
    rank: int
    person: PersonRow
    place_id: int | None
    place_division: str | None
    household_id: int | None
    household_division: str | None
    valid_until: date | None

    def in_force(self, day: date) -> bool:
        """Tell whether the duty holds on a day, whoever holds it."""
        return self.valid_until is None or self.valid_until >= day

    def stands(self, day: date) -> bool:
        """Tell whether somebody who is there holds the duty on a day."""
        return self.in_force(day) and not self.person.has_left(day)

    @cached_property
    def free_since(self) -> date | None:
        """Return the first day on which the duty, or its person, was gone."""
        ends = [self.person.left_on] if self.person.left_on else []
        if self.valid_until is not None:
            ends.append(self.valid_until + timedelta(days=1))
        return min(ends, default=None)


@dataclass(frozen=True)
class PlaceRow:
    """A place."""

    id: int
    uuid: str
    kind: PlaceKind
    name: str
    division_code: str


@dataclass(frozen=True)
class HoldingRow:
    """A person in a post, now or before; `ended_on` is the first day without them."""

    post_id: int
    person: str
    is_full_time: bool
    ended_on: date | None

    def stands(self, day: date) -> bool:
        """Tell whether the person is in the post on a day."""
        return self.ended_on is None or self.ended_on > day


@dataclass(frozen=True)
class PostRow:
    """A post with everybody who was ever in it."""

    id: int
    uuid: str
    organization_id: int
    division_code: str
    organ: str
    title: str
    kind: PostKind
    quota: int
    established_on: date | None
    holdings: tuple[HoldingRow, ...] = ()

    def filled(self, day: date) -> list[HoldingRow]:
        """Return who is in the post on a day."""
        return [holding for holding in self.holdings if holding.stands(day)]

    def vacant_since(self, day: date) -> date | None:
        """Return the day from which nobody was in the post, as far as the register knows."""
        ends = [h.ended_on for h in self.holdings if h.ended_on is not None and h.ended_on <= day]
        return max(ends, default=self.established_on)


@dataclass(frozen=True)
class OrganRow:
    """An organ with its staff quota and how many people belong to it."""

    id: int
    uuid: str
    division_code: str
    name: str
    staff_quota: int | None
    staff: int


@dataclass(frozen=True)
class HouseholdRow:
    """A household at risk for which nobody cares."""

    uuid: str
    division_code: str
    head_name: str
    people: int


@dataclass(frozen=True)
class TeamRow:
    """A team, how many are in it, and the last year in which it was checked."""

    uuid: str
    division_code: str
    name: str
    members: int
    last_checked_on: date | None
    last_year: int | None


@dataclass(frozen=True)
class CertificateRow:
    """The newest certificate of its kind that a member of a team holds, when it has run out."""

    uuid: str
    division_code: str
    kind: str
    person: str
    expires_on: date


def same_county(outer: str, inner: str) -> bool:
    """Tell whether two codes lie in one county, or the first is of a level above it."""
    return outer[:6] == inner[:6] or inner.startswith(prefix_of(outer))
