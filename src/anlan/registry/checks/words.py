"""The kinds of gaps: what each is called, how bad it is, what to do next. Pure but for words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import IntegerChoices, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anlan.kernel.codes import Level, ancestor_of, level_of
from anlan.registry.data import DutyKind


class GapKind(TextChoices):
    """What is missing."""

    PLACE_NOBODY = "place_nobody", _("place that nobody answers for")
    PLACE_EXPIRED = "place_expired", _("place whose duty has run out")
    PLACE_LEFT = "place_left", _("place whose person has left")
    PLACE_NO_PHONE = "place_no_phone", _("place whose person has no phone that works")
    VILLAGE_NO_LEADER = "village_no_leader", _("village without person in charge")
    VILLAGE_NO_INFORMANT = "village_no_informant", _("village without disaster informant")
    VILLAGE_NO_DEPUTY = "village_no_deputy", _("village without deputy for flood duty")
    TOWN_NO_LEADER = "town_no_leader", _("town without leader on duty")
    TOWN_NO_DEPUTY = "town_no_deputy", _("town without deputy for flood duty")
    DIVISION_NO_PHONE = "division_no_phone", _("town or village whose leader has no phone")
    TOWN_NO_OFFICER = "town_no_officer", _("town without emergency officer")
    TOWN_PART_TIME_OFFICER = "town_part_time_officer", _("no full-time emergency officer")
    POST_VACANT = "post_vacant", _("post vacant")
    POST_BELOW_QUOTA = "post_below_quota", _("post below its quota")
    ORGAN_UNDER_QUOTA = "organ_under_quota", _("organ under its staff quota")
    ORGAN_OVER_QUOTA = "organ_over_quota", _("organ over its staff quota")
    HOUSEHOLD_NO_CARER = "household_no_carer", _("household at risk without carer")
    PERSON_LEFT = "person_left", _("person who has left, still on duty")
    OTHER_COUNTY = "other_county", _("duty across the county's border")
    DEPUTY_CYCLE = "deputy_cycle", _("deputies in a circle")
    TOO_MANY_OBJECTS = "too_many_objects", _("person with too many objects")
    TEAM_UNCHECKED = "team_unchecked", _("team not checked this year")
    TEAM_TOO_SMALL = "team_too_small", _("team with too few members")
    CERTIFICATE_EXPIRED = "certificate_expired", _("certificate that has run out")
    PHONE_UNCHECKED = "phone_unchecked", _("phones not checked")


class Severity(IntegerChoices):
    """How bad a gap is: what must be mended today, what soon, and what is only to be known."""

    NOTICE = 1, _("notice")
    GAP = 2, _("gap")
    URGENT = 3, _("urgent")


PLACE_KINDS = frozenset(
    {GapKind.PLACE_NOBODY, GapKind.PLACE_EXPIRED, GapKind.PLACE_LEFT, GapKind.PLACE_NO_PHONE}
)
DIVISION_KINDS = frozenset(
    {
        GapKind.VILLAGE_NO_LEADER,
        GapKind.VILLAGE_NO_INFORMANT,
        GapKind.VILLAGE_NO_DEPUTY,
        GapKind.TOWN_NO_LEADER,
        GapKind.TOWN_NO_DEPUTY,
        GapKind.DIVISION_NO_PHONE,
    }
)
POST_KINDS = frozenset(
    {
        GapKind.TOWN_NO_OFFICER,
        GapKind.TOWN_PART_TIME_OFFICER,
        GapKind.POST_VACANT,
        GapKind.POST_BELOW_QUOTA,
        GapKind.ORGAN_UNDER_QUOTA,
        GapKind.ORGAN_OVER_QUOTA,
    }
)
PERSON_KINDS = frozenset(
    {
        GapKind.PERSON_LEFT,
        GapKind.OTHER_COUNTY,
        GapKind.DEPUTY_CYCLE,
        GapKind.TOO_MANY_OBJECTS,
        GapKind.PHONE_UNCHECKED,
    }
)
TEAM_KINDS = frozenset(
    {GapKind.TEAM_UNCHECKED, GapKind.TEAM_TOO_SMALL, GapKind.CERTIFICATE_EXPIRED}
)
HOUSEHOLD_KINDS = frozenset({GapKind.HOUSEHOLD_NO_CARER})

_URGENT = PLACE_KINDS | {
    GapKind.VILLAGE_NO_LEADER,
    GapKind.TOWN_NO_LEADER,
    GapKind.DIVISION_NO_PHONE,
    GapKind.HOUSEHOLD_NO_CARER,
}
_NOTICES = frozenset({GapKind.PHONE_UNCHECKED, GapKind.ORGAN_OVER_QUOTA})
SEVERITIES: Mapping[GapKind, Severity] = {
    kind: Severity.URGENT
    if kind in _URGENT
    else Severity.NOTICE
    if kind in _NOTICES
    else Severity.GAP
    for kind in GapKind
}

SENTENCES: Mapping[GapKind, str | Promise] = {
    GapKind.PLACE_NOBODY: _("Nobody holds the duty “%(duty)s”."),
    GapKind.PLACE_EXPIRED: _("The duty “%(duty)s” has run out; %(people)s held it last."),
    GapKind.PLACE_LEFT: _("%(people)s has left and nobody else holds the duty “%(duty)s”."),
    GapKind.PLACE_NO_PHONE: _("%(people)s (%(duty)s) has no phone number that works."),
    GapKind.VILLAGE_NO_LEADER: _("The village has no person in charge."),
    GapKind.VILLAGE_NO_INFORMANT: _("The village has no disaster informant."),
    GapKind.VILLAGE_NO_DEPUTY: _("Nobody stands in for the person in charge in a flood."),
    GapKind.TOWN_NO_LEADER: _("The town has no leader on duty."),
    GapKind.TOWN_NO_DEPUTY: _("Nobody stands in for the town leader in a flood."),
    GapKind.DIVISION_NO_PHONE: _("%(people)s (%(duty)s) has no phone number that works."),
    GapKind.TOWN_NO_OFFICER: _("The town has no emergency officer."),
    GapKind.TOWN_PART_TIME_OFFICER: _("%(people)s is emergency officer beside another job."),
    GapKind.POST_VACANT: _("Nobody is in the post; its quota is %(limit)s."),
    GapKind.POST_BELOW_QUOTA: _("%(number)s in the post; its quota is %(limit)s."),
    GapKind.ORGAN_UNDER_QUOTA: _("%(number)s people on a staff quota of %(limit)s."),
    GapKind.ORGAN_OVER_QUOTA: _("%(number)s people on a staff quota of %(limit)s."),
    GapKind.HOUSEHOLD_NO_CARER: _("Nobody cares for the household; %(number)s people live in it."),
    GapKind.PERSON_LEFT: _("%(people)s has left and still holds %(number)s duties."),
    GapKind.OTHER_COUNTY: _("%(people)s (%(duty)s) or the place lies in another county."),
    GapKind.DEPUTY_CYCLE: _("These are each other's deputies: %(people)s."),
    GapKind.TOO_MANY_OBJECTS: _("%(duty)s of %(number)s objects; at most %(limit)s are advised."),
    GapKind.TEAM_UNCHECKED: _("The team has not had its check of this year."),
    GapKind.TEAM_TOO_SMALL: _("%(number)s members; a team should have %(limit)s."),
    GapKind.CERTIFICATE_EXPIRED: _("The certificate of %(people)s has run out."),
    GapKind.PHONE_UNCHECKED: _(
        "The phones of %(number)s people on duty were not checked for %(limit)s days."
    ),
}

_MEND_PLACE = _("Open the place and enter who answers for it, or upload the duty sheet.")
_MEND_POST = _("Fill the post and enter who is in it, or correct its quota.")
NEXT_STEPS: Mapping[GapKind, str | Promise] = {
    GapKind.PLACE_NOBODY: _MEND_PLACE,
    GapKind.PLACE_EXPIRED: _("Lengthen the duty or give it to somebody else."),
    GapKind.PLACE_LEFT: _("Give the duty to whoever followed, or upload the duty sheet."),
    GapKind.PLACE_NO_PHONE: _("Ask for the number and enter it with the person."),
    GapKind.VILLAGE_NO_LEADER: _("Enter the village's person in charge among the duties."),
    GapKind.VILLAGE_NO_INFORMANT: _("Enter the disaster informant among the duties."),
    GapKind.VILLAGE_NO_DEPUTY: _("Enter a B for the person in charge, or their deputy."),
    GapKind.TOWN_NO_LEADER: _("Enter the town leaders on duty, A and B."),
    GapKind.TOWN_NO_DEPUTY: _("Enter a B for the town leader on duty."),
    GapKind.DIVISION_NO_PHONE: _("Ask for the number and enter it with the person."),
    GapKind.TOWN_NO_OFFICER: _("Add the post if there is none, and enter who is in it."),
    GapKind.TOWN_PART_TIME_OFFICER: _("Free the officer from other work, or appoint another."),
    GapKind.POST_VACANT: _MEND_POST,
    GapKind.POST_BELOW_QUOTA: _MEND_POST,
    GapKind.ORGAN_UNDER_QUOTA: _("Enter the people of the organ, or correct its staff quota."),
    GapKind.ORGAN_OVER_QUOTA: _("Enter who has left, or correct the staff quota."),
    GapKind.HOUSEHOLD_NO_CARER: _("Name a carer, best a cadre who lives near."),
    GapKind.PERSON_LEFT: _("Hand the duties to whoever followed, and end these."),
    GapKind.OTHER_COUNTY: _("Correct the place or the person, or end the duty."),
    GapKind.DEPUTY_CYCLE: _("Give one of them a deputy outside the circle."),
    GapKind.TOO_MANY_OBJECTS: _("Spread the objects over more people."),
    GapKind.TEAM_UNCHECKED: _("Check the team and enter the result."),
    GapKind.TEAM_TOO_SMALL: _("Enter the missing members, or recruit."),
    GapKind.CERTIFICATE_EXPIRED: _("Enter the renewed certificate, or send the person to renew."),
    GapKind.PHONE_UNCHECKED: _("Ring them and enter the day of the check."),
}


@dataclass(frozen=True)
class Gap:
    """Something that the register lacks, where, and since when if that is known.

    `table` and `uuid` lead to the record that mends it; a division has its code alone. `people`
    are names, `number` and `limit` what was counted and what it should be.
    """

    kind: GapKind
    division_code: str
    subject: str
    table: str = ""
    uuid: str = ""
    since: date | None = None
    duty: DutyKind | None = None
    people: tuple[str, ...] = ()
    number: int | None = None
    limit: int | None = None

    @property
    def town_code(self) -> str:
        """Return the code of the town in which the gap lies, or none when it is the county's."""
        if level_of(self.division_code) < Level.TOWN:
            return ""
        return ancestor_of(self.division_code, level=Level.TOWN)

    @property
    def severity(self) -> Severity:
        """Return how bad the gap is."""
        return SEVERITIES[self.kind]

    @property
    def sentence(self) -> str:
        """Return what is missing, in the language of the moment."""
        return str(SENTENCES[self.kind]) % {
            "duty": self.duty.label if self.duty else "",
            "people": "、".join(self.people),
            "number": self.number,
            "limit": self.limit,
        }

    @property
    def next_step(self) -> str:
        """Return what to do about it, in the language of the moment."""
        return str(NEXT_STEPS[self.kind])
