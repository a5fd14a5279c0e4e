"""The organs and posts of a division, and what those within it add up to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.kernel import scope
from anlan.kernel.codes import CODE_DIGITS
from anlan.registry.data import Bearing
from anlan.registry.models import Division
from anlan.registry.queries.divisions import bearings
from anlan.registry.queries.posts import organ_chart
from anlan.registry.screens.gap_choice import asker, counties_in_sight


@require_safe
def list_organs(request: HttpRequest) -> HttpResponse:
    """Show the organs of a division with their posts, and the sums of the divisions below."""
    who = asker(request)
    code = request.GET.get("division", "").strip()
    if not code:
        choices = _own_divisions()
        if len(choices) != 1:
            return render(request, "registry/organs_choice.html", {"divisions": choices})
        code = choices[0].code
    division = Division.objects.filter(pk=code[:CODE_DIGITS]).select_related("parent").first()
    if division is None:
        raise Http404
    parent = division.parent if division.parent_id and _is_seen(division.parent_id) else None
    return render(
        request,
        "registry/organs.html",
        {
            "division": division,
            "parent": parent,
            "chart": organ_chart(division.code, at=who.now),
            "now": who.now,
        },
    )


def _own_divisions() -> list[Bearing]:
    """Return where to begin: the counties in sight, or the divisions of the scope."""
    counties = counties_in_sight()
    if counties:
        return list(counties)
    codes = [prefix.ljust(CODE_DIGITS, "0") for prefix in scope.active().prefixes]
    return list(bearings(codes).values())


def _is_seen(code: str) -> bool:
    return scope.active().sees(code)
