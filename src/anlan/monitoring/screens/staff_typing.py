"""What somebody types for a gauge: the level, the time, and what is wrong with either."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from anlan.kernel.sheets.cells import BadCell
from anlan.monitoring.data import StaffLevel
from anlan.monitoring.queries.staff import StaffGauge, access_gauge
from anlan.monitoring.refusals import Complaint, GaugeOutOfSight, HandRefused
from anlan.monitoring.sheets.columns import Metres
from anlan.monitoring.sheets.moments import as_moment
from anlan.registry.api import may
from anlan.registry.data import Permission

FRESH_FOR = timedelta(minutes=5)


@dataclass
class Card:
    """A gauge on the page, with what was typed for it and what is wrong with that."""

    gauge: StaffGauge
    place: str
    standing: str
    at: str
    shown: str
    level: str = ""
    faults: list[Complaint] = field(default_factory=list)

    @property
    def question(self) -> str:
        """Return the question that waits for a confirmation, empty without one."""
        return next((each.sentence for each in self.faults if each.is_question), "")

    @property
    def sentences(self) -> list[str]:
        """Return what must be mended."""
        return [each.sentence for each in self.faults if not each.is_question]


def typed_level(request: HttpRequest, gauge_id: int, *, now: datetime) -> StaffLevel:
    """Return what was typed for a gauge; raise HandRefused for what is no level or no time."""
    text = request.POST.get(f"level_{gauge_id}", "").strip()
    try:
        level = Metres().parse(text)
        at = typed_time(request, gauge_id, now=now)
    except BadCell as error:
        raise HandRefused([Complaint(0, "level", str(error))]) from error
    if level is None:
        raise HandRefused([Complaint(0, "level", _("Type the level as a number: 102.35."))])
    is_confirmed = request.POST.get(f"confirmed_{gauge_id}", "") == text
    return StaffLevel(station_id=gauge_id, level_m=level, at=at, is_confirmed=is_confirmed)


def typed_time(request: HttpRequest, gauge_id: int, *, now: datetime) -> datetime:
    """Return the time of a reading: as typed, or the present minute where it was left as shown.

    A page that has lain open shows an old time, which nobody has said.
    """
    text = request.POST.get(f"at_{gauge_id}", "").strip()
    at = as_moment(text) if text else None
    if at is None:
        return minute(now)
    is_left = text == request.POST.get(f"shown_{gauge_id}", "").strip()
    return minute(now) if is_left and now - at > FRESH_FOR else at


def minute(moment: datetime) -> datetime:
    """Return the whole minute of a moment."""
    return moment.replace(second=0, microsecond=0)


def local_input(moment: datetime) -> str:
    """Return a moment as an input of day and time holds it."""
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def gauge_in_sight(gauge_id: int) -> StaffGauge:
    """Return a gauge in sight, or a page that says there is none."""
    try:
        return access_gauge(gauge_id)
    except GaugeOutOfSight as error:
        raise Http404 from error


def may_enter(request: HttpRequest, gauge: StaffGauge) -> bool:
    """Tell whether whoever asks may enter levels of a gauge."""
    grants = getattr(request, "grants", ())
    return may(grants, Permission.ENTER_READINGS, division_code=gauge.division_code)
