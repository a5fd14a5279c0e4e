"""What the pages of gaps, posts and answers are narrowed to: county, town, kind, page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from anlan.kernel import clock, scope
from anlan.kernel.codes import Level
from anlan.kernel.paging import whole_number
from anlan.registry.checks.words import Gap, GapKind, Severity
from anlan.registry.data import Bearing, DivisionKind, Permission
from anlan.registry.models import Division
from anlan.registry.queries.authorities import Grant, codes_where, grants_of


@dataclass(frozen=True)
class Asker:
    """Who asks for a page, what they hold, and when."""

    account_id: int | None
    grants: tuple[Grant, ...]
    now: datetime

    def may(self, permission: Permission) -> tuple[str, ...]:
        """Return the prefixes of the divisions over which they hold a permission."""
        return scope.narrowest(codes_where(self.grants, permission))


@dataclass(frozen=True)
class GapFilter:
    """What the list is narrowed to; empty means all."""

    kind: GapKind | None = None
    severity: Severity | None = None
    county: str = ""
    town: str = ""
    page: int = 1

    @property
    def codes(self) -> list[str] | None:
        """Return the divisions to look in, None for all in sight."""
        narrowed = self.town or self.county
        return [narrowed] if narrowed else None

    def takes(self, gap: Gap) -> bool:
        """Tell whether a gap is in the list."""
        return self.kind in (None, gap.kind) and self.severity in (None, gap.severity)


def asker(request: HttpRequest) -> Asker:
    """Return who asks; raise PermissionDenied for whoever may read no register."""
    now = clock.now()
    grants = getattr(request, "grants", None)
    if grants is None:
        grants = grants_of(request.user.pk, at=now)
    if not codes_where(grants, Permission.READ_REGISTER):
        raise PermissionDenied
    return Asker(account_id=request.user.pk, grants=tuple(grants), now=now)


def gap_filter(request: HttpRequest) -> GapFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked = request.GET
    kind, severity = asked.get("kind", ""), asked.get("severity", "")
    return GapFilter(
        kind=GapKind(kind) if kind in GapKind.values else None,
        severity=Severity(int(severity)) if severity in map(str, Severity.values) else None,
        county=_in_sight(asked.get("county", ""), level=Level.COUNTY),
        town=_in_sight(asked.get("town", ""), level=Level.TOWN),
        page=whole_number(asked.get("page", ""), otherwise=1),
    )


def counties_in_sight() -> list[Bearing]:
    """Return the counties to choose from: none while the scope lies in one of them."""
    prefixes = scope.active().prefixes
    if all(len(prefix) >= Level.COUNTY for prefix in prefixes):
        codes = {prefix[: Level.COUNTY].ljust(12, "0") for prefix in prefixes}
        if len(codes) < 2:
            return []
        rows = Division.objects.filter(code__in=codes, kind=DivisionKind.COUNTY)
    else:
        rows = Division.objects.filter(kind=DivisionKind.COUNTY, ended_on__isnull=True)
    return [
        Bearing(code=code, name=name)
        for code, name in rows.order_by("code").values_list("code", "name")
    ]


def visible(gaps: Sequence[Gap], *, who: Asker) -> list[Gap]:
    """Return the gaps that somebody may read: those of households only where they may see these."""
    register = who.may(Permission.READ_REGISTER)
    households = who.may(Permission.READ_HOUSEHOLDS)
    return [
        gap
        for gap in gaps
        if gap.division_code.startswith(
            households if gap.kind is GapKind.HOUSEHOLD_NO_CARER else register
        )
    ]


def _in_sight(text: str, *, level: Level) -> str:
    """Return a code of this level that the scope can see something of, or nothing."""
    is_code = len(text) == 12 and text.isascii() and text.isdigit()
    if not is_code or text[level:].strip("0") or not text[:2].strip("0"):
        return ""
    near = (prefix.startswith(text[:level]) for prefix in scope.active().prefixes)
    return text if scope.active().sees(text) or any(near) else ""
