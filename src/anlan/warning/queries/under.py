"""Whether the village of a call still stands under its warning."""

from django.db.models import Exists, OuterRef

from anlan.warning.models import WarningArea


def still_under() -> Exists:
    """Return the condition on calls that their village has not left the warning."""
    return Exists(
        WarningArea.objects.filter(
            warning=OuterRef("warning"), division=OuterRef("division"), released_at__isnull=True
        )
    )
