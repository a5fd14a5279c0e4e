"""The rows on which the gaps are judged: each set one query, asked when a check first wants it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from anlan.kernel.codes import Level
from anlan.kernel.scope import within
from anlan.registry.checks.limits import LimitRow, Limits, limits_on
from anlan.registry.checks.over_divisions import TOWNS
from anlan.registry.checks.over_places import Held, duties_by_object
from anlan.registry.checks.rows import (
    CertificateRow,
    DivisionRow,
    DutyRow,
    HoldingRow,
    HouseholdRow,
    OrganRow,
    PersonRow,
    PlaceRow,
    PostRow,
    TeamRow,
)
from anlan.registry.data import DivisionKind, DutyKind, PlaceKind, PostKind
from anlan.registry.models import (
    Certificate,
    Division,
    Duty,
    Household,
    Organization,
    Person,
    Place,
    Post,
    PostHolding,
    ReadinessCheck,
    RegisterLimit,
    Team,
    TeamMember,
)
from anlan.registry.queries.duty_rows import duty_rows, people_with_deputies


class Ground:
    """What the register holds in some divisions on a day, in rows that the checks understand.

    `prefixes` narrow the scope further; without them everything in sight is meant.
    """

    def __init__(self, *, prefixes: Iterable[str] | None, day: date) -> None:
        self.prefixes = None if prefixes is None else tuple(prefixes)
        self.day = day

    def _in(self, path: str) -> Q:
        return Q() if self.prefixes is None else within(path, self.prefixes)

    @cached_property
    def limits(self) -> Limits:
        """Return the limits in force."""
        rows = RegisterLimit.objects.values_list("name", "division_id", "value", "effective_from")
        return limits_on(self.day, rows=(LimitRow(*row) for row in rows))

    @cached_property
    def known(self) -> list[DivisionRow]:
        """Return the divisions that have not ended, and the towns beside them, by code."""
        where = self._in("code")
        if self.prefixes is not None:
            counties = {prefix[: Level.COUNTY] for prefix in self.prefixes}
            where |= Q(kind__in=TOWNS) & within("code", counties)
        rows = Division.objects.filter(where, ended_on__isnull=True).order_by("code")
        return [
            DivisionRow(code=code, kind=DivisionKind(kind), name=name)
            for code, kind, name in rows.values_list("code", "kind", "name")
        ]

    @cached_property
    def divisions(self) -> list[DivisionRow]:
        """Return the divisions that have not ended, by code."""
        if self.prefixes is None:
            return self.known
        return [row for row in self.known if row.code.startswith(self.prefixes)]

    @cached_property
    def names(self) -> dict[str, str]:
        """Return the names of the divisions."""
        return {row.code: row.name for row in self.divisions}

    @cached_property
    def duties(self) -> list[DutyRow]:
        """Return the duties that have begun, also those that have ended, oldest first."""
        return duty_rows(self._in("division_id"), day=self.day)

    @cached_property
    def held(self) -> Held:
        """Return the duties by what they are over."""
        return duties_by_object(self.duties)

    @cached_property
    def places(self) -> list[PlaceRow]:
        """Return the places, by division and name."""
        rows = Place.objects.filter(self._in("division_id")).order_by("division_id", "name", "pk")
        return [
            PlaceRow(id=key, uuid=str(uuid), kind=PlaceKind(kind), name=name, division_code=code)
            for key, uuid, kind, name, code in rows.values_list(
                "pk", "uuid", "kind", "name", "division_id"
            )
        ]

    @cached_property
    def deputies(self) -> dict[int, PersonRow]:
        """Return everybody who has a deputy, by key."""
        return people_with_deputies(self._in("division_id"))

    @cached_property
    def posts(self) -> list[PostRow]:
        """Return the posts with everybody who was in them by now, by division and title."""
        holdings = self._holdings()
        rows = Post.objects.filter(self._in("division_id")).order_by("division_id", "title", "pk")
        return [
            PostRow(
                id=key,
                uuid=str(uuid),
                organization_id=organ_id,
                division_code=code,
                organ=organ,
                title=title,
                kind=PostKind(kind),
                quota=quota,
                established_on=since,
                holdings=tuple(holdings[key]),
            )
            for key, uuid, organ_id, code, organ, title, kind, quota, since in rows.values_list(
                "pk",
                "uuid",
                "organization_id",
                "division_id",
                "organization__name",
                "title",
                "kind",
                "quota",
                "established_on",
            )
        ]

    @cached_property
    def organs(self) -> list[OrganRow]:
        """Return the organs with how many people belong to them, by division and name."""
        staff = (
            Person.objects.filter(
                Q(left_on__isnull=True) | Q(left_on__gt=self.day), organization_id=OuterRef("pk")
            )
            .order_by()
            .values("organization_id")
            .annotate(count=Count("pk"))
            .values("count")
        )
        rows = (
            Organization.objects.filter(self._in("division_id"))
            .annotate(staff=Coalesce(Subquery(staff), 0))
            .order_by("division_id", "name")
        )
        return [
            OrganRow(
                id=key,
                uuid=str(uuid),
                division_code=code,
                name=name,
                staff_quota=quota,
                staff=count,
            )
            for key, uuid, code, name, quota, count in rows.values_list(
                "pk", "uuid", "division_id", "name", "staff_quota", "staff"
            )
        ]

    @cached_property
    def uncared(self) -> list[HouseholdRow]:
        """Return the households for which nobody who is there cares, by division."""
        carers = Duty.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=self.day),
            Q(person__left_on__isnull=True) | Q(person__left_on__gt=self.day),
            household_id=OuterRef("pk"),
            kind=DutyKind.HOUSEHOLD_CARER,
            valid_from__lte=self.day,
        )
        rows = Household.objects.filter(~Exists(carers), self._in("division_id"))
        return [
            HouseholdRow(uuid=str(uuid), division_code=code, head_name=head, people=people)
            for uuid, code, head, people in rows.order_by("division_id", "pk").values_list(
                "uuid", "division_id", "head_name", "people"
            )
        ]

    @cached_property
    def teams(self) -> list[TeamRow]:
        """Return the teams with their numbers and their last check, by division and name."""
        members = (
            TeamMember.objects.filter(self._is_there(), team_id=OuterRef("pk"))
            .order_by()
            .values("team_id")
            .annotate(count=Count("pk"))
            .values("count")
        )
        checks = ReadinessCheck.objects.filter(team_id=OuterRef("pk"), checked_on__lte=self.day)
        rows = (
            Team.objects.filter(self._in("division_id"))
            .annotate(
                members=Coalesce(Subquery(members), 0),
                last=Subquery(checks.order_by("-checked_on").values("checked_on")[:1]),
                last_year=Subquery(checks.order_by("-year").values("year")[:1]),
            )
            .order_by("division_id", "name", "pk")
        )
        return [
            TeamRow(
                uuid=str(uuid),
                division_code=code,
                name=name,
                members=count,
                last_checked_on=last,
                last_year=year,
            )
            for uuid, code, name, count, last, year in rows.values_list(
                "uuid", "division_id", "name", "members", "last", "last_year"
            )
        ]

    @cached_property
    def expired(self) -> list[CertificateRow]:
        """Return the certificates of team members that have run out and were not renewed."""
        newer = Certificate.objects.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=self.day),
            person_id=OuterRef("person_id"),
            kind=OuterRef("kind"),
        )
        later = Certificate.objects.filter(
            person_id=OuterRef("person_id"),
            kind=OuterRef("kind"),
            expires_on__gt=OuterRef("expires_on"),
        )
        members = TeamMember.objects.filter(person_id=OuterRef("person_id"))
        rows = Certificate.objects.filter(
            ~Exists(newer),
            ~Exists(later),
            Exists(members),
            self._in("person__division_id"),
            self._is_there(),
            expires_on__lt=self.day,
        )
        return [
            CertificateRow(
                uuid=str(uuid), division_code=code, kind=kind, person=person, expires_on=on
            )
            for uuid, code, kind, person, on in rows.order_by(
                "person__division_id", "pk"
            ).values_list("uuid", "person__division_id", "kind", "person__name", "expires_on")
        ]

    def _is_there(self) -> Q:
        return Q(person__left_on__isnull=True) | Q(person__left_on__gt=self.day)

    def _holdings(self) -> dict[int, list[HoldingRow]]:
        found: dict[int, list[HoldingRow]] = defaultdict(list)
        rows = PostHolding.objects.filter(self._in("post__division_id"), since__lte=self.day)
        for post, person, full, until, left in rows.order_by("since", "pk").values_list(
            "post_id", "person__name", "is_full_time", "until", "person__left_on"
        ):
            ends = [left] if left else []
            ends += [until + timedelta(days=1)] if until else []
            found[post].append(
                HoldingRow(
                    post_id=post,
                    person=person,
                    is_full_time=full,
                    ended_on=min(ends, default=None),
                )
            )
        return found
