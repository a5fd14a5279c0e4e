"""What stands around every page of monitoring: its sub-pages, and who may keep stations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.registry.api import codes_with, grants_of, may
from anlan.registry.data import Permission


@dataclass(frozen=True)
class SubPage:
    """One entry of the line below the heading: where it leads, and what it takes to see it."""

    url_name: str
    label: str | Promise
    needs: Permission | None = None


SUB_PAGES = (
    SubPage("stations", _("Stations")),
    SubPage("rain_map", _("Rain map")),
    SubPage("rules", _("Rules")),
    SubPage("staff_readings", _("Readings by hand"), Permission.ENTER_READINGS),
    SubPage("macro_observation", _("Macro-observation")),
    SubPage("unknown_addresses", _("Unknown addresses"), Permission.KEEP_STATIONS),
    SubPage("device_models", _("Device models"), Permission.KEEP_STATIONS),
)


def around(request: HttpRequest) -> dict[str, Any]:
    """Return what the templates of monitoring show around their content."""
    return {
        "sub_pages": [
            page for page in SUB_PAGES if page.needs is None or codes_with(request, page.needs)
        ],
        "may_keep": bool(codes_with(request, Permission.KEEP_STATIONS)),
        "now": clock.now(),
    }


def may_keep(request: HttpRequest, code: str) -> bool:
    """Tell whether whoever asks may keep the stations of a division."""
    return may(_grants(request), Permission.KEEP_STATIONS, division_code=code)


def check_keeper(request: HttpRequest, code: str = "") -> None:
    """Raise PermissionDenied unless whoever asks keeps stations of a division, or of any."""
    if not (may_keep(request, code) if code else codes_with(request, Permission.KEEP_STATIONS)):
        raise PermissionDenied


def asked_code(text: str) -> str:
    """Return the division code that an address gives, nothing for anything else."""
    try:
        check_code(text)
    except InvalidDivisionCode:
        return ""
    return text


def asked_choice(text: str, choices: Iterable[Any]) -> str:
    """Return one of the choices that an address names, nothing for anything else."""
    return text if text in {str(each) for each in choices} else ""


def _grants(request: HttpRequest) -> Any:
    found = getattr(request, "grants", None)
    return grants_of(request.user.pk, at=clock.now()) if found is None else found
