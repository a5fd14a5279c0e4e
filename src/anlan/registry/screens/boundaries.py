"""The page that takes boundaries in: a file, what it would change, the word to do it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anlan.kernel import scope
from anlan.kernel.codes import InvalidDivisionCode, UnknownDivision
from anlan.registry.actions.set_boundaries import set_boundaries
from anlan.registry.boundaries.features import UnusableBoundaries
from anlan.registry.boundaries.planning import Drawn, Outcome
from anlan.registry.boundaries.reading import check_size
from anlan.registry.boundaries.shapes import TOLERANCE_DEG, UnusableShape
from anlan.registry.data import Permission, RedrawingRefused
from anlan.registry.queries.boundaries import planned_boundaries
from anlan.registry.screens.division_words import OUTCOMES
from anlan.registry.screens.standing import Standing, standing

TEMPLATE = "registry/boundaries.html"
WRITTEN = (Outcome.NEW, Outcome.CHANGED)
VALID_FOR_S = 3600
# What a form may carry besides files is limited to 2.5 MB; a county thinned out needs a tenth.
MOST_SIGNED = 2_000_000
TOLERANCES = (0.0, 0.00005, TOLERANCE_DEG, 0.0005)


@require_http_methods(["GET", "HEAD", "POST"])
def take_boundaries(request: HttpRequest) -> HttpResponse:
    """Look through a file of boundaries, or write what was looked through."""
    who = standing(request, needs=Permission.REDRAW_DIVISIONS)
    with scope.limited_to(who.codes(Permission.REDRAW_DIVISIONS)):
        if request.method != "POST":
            return _page(request)
        if request.POST.get("step") == "write":
            return _write(request, who=who)
        return _look(request, who=who)


def _look(request: HttpRequest, *, who: Standing) -> HttpResponse:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        return _page(request, fault=_("Choose a file."))
    try:
        check_size(upload.size or 0)
        found = planned_boundaries(
            upload.read(), file_name=upload.name or "", tolerance_deg=_tolerance(request)
        )
    except UnusableBoundaries as error:
        return _page(request, fault=str(error))
    drawn = {each.code: each.boundary for each in found if each.outcome in WRITTEN}
    signed = signing.dumps({"file": upload.name, "drawn": drawn}, salt=_salt(who), compress=True)
    if len(signed) > MOST_SIGNED:
        return _page(
            request,
            fault=_("That is too much for this page: send one county, or allow more tolerance."),
        )
    return _page(request, found=found, signed=signed if drawn else "", file_name=upload.name)


def _write(request: HttpRequest, *, who: Standing) -> HttpResponse:
    try:
        told = signing.loads(request.POST.get("signed", ""), salt=_salt(who), max_age=VALID_FOR_S)
        outcomes = set_boundaries(told["drawn"], source=told["file"], by=who.actor, now=who.now)
    except signing.BadSignature:
        return _page(request, fault=_("That was looked through long ago: choose the file again."))
    except (RedrawingRefused, UnusableShape, UnknownDivision, InvalidDivisionCode) as error:
        return _page(request, fault=str(error))
    messages.success(request, _("%(count)d boundaries are written.") % {"count": len(outcomes)})
    return HttpResponseRedirect(reverse("boundaries"))


def _page(
    request: HttpRequest,
    *,
    found: Sequence[Drawn] = (),
    signed: str = "",
    fault: str = "",
    file_name: str | None = "",
) -> HttpResponse:
    counted = Counter(each.outcome for each in found)
    shown: dict[str, Any] = {
        "rows": [(each, OUTCOMES[each.outcome]) for each in found],
        "counts": [(OUTCOMES[outcome], counted[outcome]) for outcome in Outcome] if found else (),
        "signed": signed,
        "fault": fault,
        "file_name": file_name,
        "tolerances": TOLERANCES,
        "usual": TOLERANCE_DEG,
    }
    return render(request, TEMPLATE, shown, status=400 if fault else 200)


def _tolerance(request: HttpRequest) -> float:
    asked = request.POST.get("tolerance", "")
    return next((each for each in TOLERANCES if str(each) == asked), TOLERANCE_DEG)


def _salt(who: Standing) -> str:
    return f"boundaries of {who.account.pk}"
