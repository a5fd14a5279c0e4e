"""The words that the map's script shows, in the language of the page."""

from django.utils.translation import gettext as _

from anlan.monitoring.data import StationKind


def words() -> dict[str, str]:
    """Return each text of the map by the name that the script knows it by."""
    return {
        "county": _("county"),
        "town": _("town"),
        "village": _("village"),
        "people": _("Residents"),
        "households": _("Households"),
        "terrain": _("Terrain"),
        "p": _("plain"),
        "h": _("hills"),
        "m": _("mountains"),
        **{f"gauge{kind.value}": str(kind.label) for kind in StationKind},
        "level": _("Level at this time"),
        "warning": _("Warning at this time"),
        "townWarnings": _("Warnings of this town"),
        "hazardPoint": _("geohazard point"),
        "reservoir": _("reservoir"),
        "river": _("river"),
        "store": _("store"),
        "shelter": _("shelter"),
        "openRecord": _("Open its page"),
        "play": _("Play"),
        "pause": _("Pause"),
        "failed": _("The map's data did not arrive. Check the network and load the page again."),
        "ofCalls": _("%(answered)s of %(calls)s calls answered, %(waiting)s waiting"),
        "atShelters": _("%(sheltered)s of %(moving)s people at shelters"),
    }
