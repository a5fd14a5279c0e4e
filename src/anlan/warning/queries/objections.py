"""What stands in the way of a lower room's change."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from anlan.kernel import scope
from anlan.kernel.codes import prefix_of
from anlan.registry.data import RedrawingRefused
from anlan.warning.models import WarningArea


def check_no_open_warnings(codes: Iterable[str]) -> None:
    """Raise RedrawingRefused while a village in these divisions stands under a warning.

    Calls, deadlines and moves run by the code under which they were issued; it may not vanish.
    """
    with scope.everywhere("open warnings"):
        inside = scope.within("division_id", [prefix_of(code) for code in codes])
        area = (
            WarningArea.objects.filter(inside, released_at__isnull=True)
            .select_related("warning", "division")
            .order_by("division_id", "pk")
            .first()
        )
    if area is not None:
        raise RedrawingRefused(
            _(
                "%(village)s stands under the warning %(number)s: redraw divisions when it has "
                "been lifted."
            )
            % {"village": area.division.name, "number": area.warning.number}
        )
