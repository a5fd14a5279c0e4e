"""The audit page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.kernel.paging import whole_number
from anlan.registry.data import Permission
from anlan.registry.queries.audit import AuditFilter, AuditKind, audit_entries
from anlan.registry.screens.audit_words import facts_of, sentence_of
from anlan.registry.screens.standing import standing

DAYS = (1, 7, 30, 90, 180, 366)


@require_safe
def show_audit(request: HttpRequest) -> HttpResponse:
    """Show who came in, who may what, and who saw whose numbers, newest first."""
    who = standing(request, needs=Permission.READ_AUDIT)
    wanted = _wanted(request)
    found = audit_entries(wanted, grants=who.grants, now=who.now)
    query = request.GET.copy()
    query.pop("page", None)
    shown = {
        "list": found,
        "lines": [(row, sentence_of(row.act), facts_of(row.detail)) for row in found.rows],
        "wanted": wanted,
        "query": query.urlencode(),
        "kinds": AuditKind,
        "days": DAYS,
    }
    return render(request, "registry/audit.html", shown)


def _wanted(request: HttpRequest) -> AuditFilter:
    """Return the filter of an address; what it does not know narrows nothing."""
    asked = request.GET
    days = whole_number(asked.get("days", ""), otherwise=30)
    return AuditFilter(
        kind=asked.get("kind", "") if asked.get("kind") in AuditKind.values else "",
        account=asked.get("account", "").strip(),
        days=days if days in DAYS else 30,
        page=whole_number(asked.get("page", ""), otherwise=1),
    )
