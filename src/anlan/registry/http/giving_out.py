"""Rows of any room given out: who may, and that it is written down."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from anlan.kernel import clock, journal
from anlan.registry.data import Permission
from anlan.registry.queries.authorities import codes_where, grants_of
from anlan.registry.queries.pages import actor_for


def codes_with(request: HttpRequest, permission: Permission) -> list[str]:
    """Return the divisions over which whoever asks holds a permission."""
    found = getattr(request, "grants", None)
    grants = grants_of(request.user.pk, at=clock.now()) if found is None else found
    return codes_where(grants, permission)


def exportable(request: HttpRequest) -> list[str]:
    """Return the divisions whose rows may be given out; refuse whoever may give out none."""
    codes = codes_with(request, Permission.EXPORT_SHEETS)
    if not codes:
        raise PermissionDenied
    return codes


def note_export(request: HttpRequest, name: str, codes: list[str]) -> None:
    """Write down that rows of these divisions were given out."""
    journal.record_all(
        (
            journal.Note(act="sheet.exported", subject=f"table:{name}", division_code=code)
            for code in codes
        ),
        by=actor_for(request.user.pk),
        now=clock.now(),
    )
