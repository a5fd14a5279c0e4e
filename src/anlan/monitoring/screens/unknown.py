"""Addresses that send and that nobody registered: adopt one, or leave it out of sight."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.kernel import clock
from anlan.kernel.paging import whole_number
from anlan.monitoring.actions.adopt_station import adopt_station
from anlan.monitoring.actions.heed_address import heed_address
from anlan.monitoring.actions.ignore_address import ignore_address
from anlan.monitoring.core.main_elements import likely_kind
from anlan.monitoring.data import Protocol
from anlan.monitoring.keeping import LONGEST_ADDRESS, Refused
from anlan.monitoring.queries.unknown import (
    UnknownAddress,
    unknown_address,
    unknown_addresses,
)
from anlan.monitoring.screens.around import around, check_keeper
from anlan.monitoring.screens.station_forms import AdoptForm, IgnoreForm
from anlan.registry.api import actor_for


@require_safe
def list_unknown(request: HttpRequest) -> HttpResponse:
    """Show the addresses that wait for a decision, those heard last first."""
    check_keeper(request)
    with_ignored = request.GET.get("ignored") == "1"
    shown = unknown_addresses(
        with_ignored=with_ignored, page=whole_number(request.GET.get("page", ""), otherwise=1)
    )
    return render(
        request,
        "monitoring/unknown.html",
        {
            **around(request),
            "list": shown,
            "with_ignored": with_ignored,
            "query": "ignored=1" if with_ignored else "",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest) -> HttpResponse:
    """Show one address with the form by which it becomes a station."""
    check_keeper(request)
    asked = _asked(request)
    form = AdoptForm(request.POST or None, initial={"kind": likely_kind(asked.elements)})
    if request.method == "POST" and form.is_valid():
        check_keeper(request, form.cleaned_data["division"])
        try:
            key = adopt_station(
                form.facts(address=asked.address, protocol=asked.protocol),
                by=actor_for(request.user.pk),
                now=clock.now(),
            )
        except Refused as error:
            form.take_faults(error.faults)
        else:
            messages.success(
                request,
                _("Adopted: %(name)s. What it has sent so far is taken in.")
                % {"name": form.cleaned_data["name"]},
            )
            return HttpResponseRedirect(reverse("station", args=[key]))
    return _page(request, asked, form=form, ignoring=IgnoreForm())


@require_POST
def ignore(request: HttpRequest) -> HttpResponse:
    """Leave an address out of sight, with a reason."""
    check_keeper(request)
    asked, form = _asked(request), IgnoreForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=AdoptForm(), ignoring=form)
    ignore_address(
        asked.address,
        protocol=asked.protocol,
        reason=form.cleaned_data["reason"],
        by=actor_for(request.user.pk),
        now=clock.now(),
    )
    messages.success(request, _("%(address)s is shown no more.") % {"address": asked.address})
    return HttpResponseRedirect(reverse("unknown_addresses"))


@require_POST
def heed(request: HttpRequest) -> HttpResponse:
    """Bring an ignored address back."""
    check_keeper(request)
    asked = _asked(request)
    heed_address(
        asked.address, protocol=asked.protocol, by=actor_for(request.user.pk), now=clock.now()
    )
    messages.success(request, _("%(address)s is shown again.") % {"address": asked.address})
    return HttpResponseRedirect(reverse("unknown_addresses"))


def _asked(request: HttpRequest) -> UnknownAddress:
    """Return the address that a request is about, or a page that says there is none."""
    address = request.GET.get("address", "").replace("\x00", "")[:LONGEST_ADDRESS]
    protocol = request.GET.get("protocol", "")
    found = unknown_address(address, protocol) if protocol in Protocol.values else None
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, asked: UnknownAddress, *, form: AdoptForm, ignoring: IgnoreForm
) -> HttpResponse:
    return render(
        request,
        "monitoring/adopt.html",
        {
            **around(request),
            "asked": asked,
            "about": urlencode({"address": asked.address, "protocol": asked.protocol.value}),
            "form": form,
            "ignoring": ignoring,
        },
    )
