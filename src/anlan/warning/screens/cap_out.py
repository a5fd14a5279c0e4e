"""Warnings for other programs: each as a CAP message, those of a place as feeds and on a map."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import update_wrapper
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from anlan.kernel import clock, scope
from anlan.kernel.codes import InvalidDivisionCode, check_code
from anlan.registry.api import present_bearings
from anlan.registry.data import Bearing
from anlan.warning.cap_wording import CHINESE
from anlan.warning.core.cap_out import alert_of, cancel_of
from anlan.warning.data import WarningOutOfSight
from anlan.warning.gateways.cap.feed_writing import (
    ATOM_TYPE,
    CAP_TYPE,
    RSS_TYPE,
    Feed,
    atom_feed,
    rss_feed,
)
from anlan.warning.gateways.cap.geojson import GEOJSON_TYPE
from anlan.warning.gateways.cap.writing import write_alert
from anlan.warning.publishing import feed_of, map_of, signed_if_possible
from anlan.warning.queries.cap_out import (
    access_outgoing,
    open_outgoing,
    outgoing_in,
    sender_for,
)

FRESH_S: Final = 60
# A feed that changed just now may change again in the same second (RFC 9110, section 8.8.2.2).
SETTLED: Final = timedelta(seconds=2)
_FORMS: Final[dict[str, tuple[str, Callable[[Feed], bytes]]]] = {
    "atom": (ATOM_TYPE, atom_feed),
    "rss": (RSS_TYPE, rss_feed),
}


class OpenWhenPublic:
    """A view that needs a login unless the county publishes its warnings."""

    def __init__(self, view: Callable[..., HttpResponse]) -> None:
        self._view = view
        update_wrapper(self, view)

    @property
    def login_required(self) -> bool:
        """Tell the middleware whether somebody must be logged in."""
        return not settings.ANLAN_CAP_PUBLIC

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer in the scope of whoever asks, or of everybody."""
        with _sight():
            return self._view(request, *args, **kwargs)


@contextmanager
def _sight() -> Iterator[None]:
    if not settings.ANLAN_CAP_PUBLIC:
        yield
        return
    with scope.everywhere("the county publishes its warnings"):
        yield


@OpenWhenPublic
@require_safe
def send_cap(request: HttpRequest, number: str) -> HttpResponse:
    """Give out the CAP message with this number: a warning, or the end of one."""
    try:
        warning, is_end = access_outgoing(number)
    except WarningOutOfSight as error:
        raise Http404 from error
    alert = (cancel_of(warning) if is_end else None) or alert_of(warning)
    data = write_alert(alert)
    return _answered(
        request,
        lambda: data if warning.excerpt else signed_if_possible(data),
        known_by=data,
        changed_at=alert.sent,
        kind=CAP_TYPE,
    )


@OpenWhenPublic
@require_safe
def send_feed(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give out the messages over a division as an Atom or RSS feed, newest first."""
    kind, written = _FORMS[form]
    now, place = clock.now(), _place(code)
    feed = feed_of(
        place,
        outgoing_in(code, now=now),
        title=_title(place),
        address=request.build_absolute_uri(request.path),
        link=_link(request),
        sender=sender_for(code),
        now=now,
    )
    data = written(feed)
    return _answered(
        request,
        lambda: data,
        known_by=data,
        changed_at=feed.updated if now - feed.updated >= SETTLED else None,
        kind=kind,
    )


@OpenWhenPublic
@require_safe
def send_map(request: HttpRequest, code: str) -> HttpResponse:
    """Give out the warnings in force over a division as GeoJSON."""
    _place(code)
    data = map_of(open_outgoing(code), link=_link(request))
    return _answered(request, lambda: data, known_by=data, changed_at=None, kind=GEOJSON_TYPE)


def _title(place: Bearing) -> str:
    """Return the title of a feed, which speaks Chinese to everybody: its messages do."""
    with override(CHINESE):
        return _("Warnings: %(place)s") % {"place": place.name}


def _place(code: str) -> Bearing:
    """Return the division in sight with this code; raise Http404 for anything else."""
    try:
        check_code(code)
    except InvalidDivisionCode as error:
        raise Http404 from error
    found = present_bearings([code])
    if not found:
        raise Http404
    return found[0]


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda number: request.build_absolute_uri(reverse("cap_message", args=[number]))


def _answered(
    request: HttpRequest,
    give: Callable[[], bytes],
    *,
    known_by: bytes,
    changed_at: datetime | None,
    kind: str,
) -> HttpResponse:
    """Return the bytes, or that whoever asks has them already.

    The tag is made of what stands before it is signed: some signatures differ each time.
    """
    etag = f'"{sha256(known_by).hexdigest()[:32]}"'
    at = int(changed_at.timestamp()) if changed_at else None
    response = get_conditional_response(request, etag=etag, last_modified=at)
    if response is None:
        response = HttpResponse(give(), content_type=f"{kind}; charset=utf-8")
    response.headers["ETag"] = etag
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(changed_at.timestamp())
    whose = "public" if settings.ANLAN_CAP_PUBLIC else "private"
    response.headers["Cache-Control"] = f"{whose}, max-age={FRESH_S}"
    return response
