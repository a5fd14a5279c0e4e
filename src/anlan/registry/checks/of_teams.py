"""Teams that were not checked, are too small, or whose certificates have run out. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date

from anlan.registry.checks.limits import Limits
from anlan.registry.checks.rows import CertificateRow, TeamRow
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.data import LimitName


def unready_teams(teams: Iterable[TeamRow], *, limits: Limits, day: date) -> Iterator[Gap]:
    """Give each team without the check of this year, and each with too few members."""
    for team in teams:
        if team.last_year is None or team.last_year < day.year:
            yield Gap(
                kind=GapKind.TEAM_UNCHECKED,
                division_code=team.division_code,
                subject=team.name,
                table="teams",
                uuid=team.uuid,
                since=team.last_checked_on,
            )
        fewest = limits.of(LimitName.TEAM_MEMBERS, division_code=team.division_code)
        if team.members < fewest:
            yield Gap(
                kind=GapKind.TEAM_TOO_SMALL,
                division_code=team.division_code,
                subject=team.name,
                table="teams",
                uuid=team.uuid,
                number=team.members,
                limit=fewest,
            )


def expired_certificates(certificates: Iterable[CertificateRow]) -> Iterator[Gap]:
    """Give each certificate that has run out."""
    for certificate in certificates:
        yield Gap(
            kind=GapKind.CERTIFICATE_EXPIRED,
            division_code=certificate.division_code,
            subject=f"{certificate.person} {certificate.kind}",
            table="certificates",
            uuid=certificate.uuid,
            since=certificate.expires_on,
            people=(certificate.person,),
        )
