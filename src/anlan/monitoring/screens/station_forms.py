"""The forms by which a station and its thresholds are kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from anlan.monitoring.data import Measure, Protocol, RainFrom, StationKind
from anlan.monitoring.elements import RAIN
from anlan.monitoring.gateways.sl651.elements import KINDS
from anlan.monitoring.keeping import (
    DAY_MIN,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_SOURCE,
    LONGEST_WINDOW_MIN,
    StationFacts,
    ThresholdFacts,
)
from anlan.monitoring.queries.keeping import device_models
from anlan.monitoring.screens.fields import DivisionField, RoomForm, place_named, suggesting
from anlan.monitoring.screens.words import element_label
from anlan.registry.data import Colour, Hazard

DERIVED = frozenset({Protocol.DERIVED})
SEASON_DAY = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"


class AdoptForm(RoomForm):
    """What a person says of an address that sends already."""

    name = forms.CharField(label=gettext_lazy("Name of the station"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=StationKind.choices)
    division = DivisionField()
    lon = forms.FloatField(label=gettext_lazy("Longitude in degrees"))
    lat = forms.FloatField(label=gettext_lazy("Latitude in degrees"))
    interval_min = forms.IntegerField(
        label=gettext_lazy("Reports at least every … minutes"),
        min_value=1,
        max_value=DAY_MIN,
        initial=60,
    )

    def prepare(self) -> None:
        """Let the division be suggested."""
        self.fields["division"].widget.attrs |= suggesting("reservoirs", "division")

    def facts(self, **fixed: Any) -> StationFacts:
        """Return what was said, with what the form does not ask."""
        said = {name: self.cleaned_data[name] for name in self.fields if name != "seen"}
        said["kind"] = StationKind(said["kind"])
        return StationFacts(**{"password": "0000", **said, **fixed})


class StationForm(AdoptForm):
    """All that a person may say of a station."""

    field_order = ("name", "kind", "protocol", "address", "division", "place", "lon", "lat")
    address = forms.CharField(label=gettext_lazy("Address"), max_length=LONGEST_ADDRESS)
    protocol = forms.ChoiceField(
        label=gettext_lazy("Protocol"),
        choices=[(x.value, x.label) for x in Protocol if x not in DERIVED],
    )
    place = forms.CharField(
        label=gettext_lazy("Stands at"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("a reservoir, river section or other place of the register"),
    )
    password = forms.CharField(
        label=gettext_lazy("Password on the wire"), max_length=12, initial="0000"
    )
    base_m = forms.FloatField(
        label=gettext_lazy("Level that relative levels count from, in m"), required=False
    )
    rain_from = forms.ChoiceField(
        label=gettext_lazy("Rain is taken from"),
        choices=RainFrom.choices,
        initial=RainFrom.PN05,
    )
    device_model = forms.ChoiceField(label=gettext_lazy("Model of device (JSON)"), required=False)
    is_active = forms.BooleanField(
        label=gettext_lazy("In use"),
        required=False,
        initial=True,
        help_text=gettext_lazy("what a station sends that is not in use goes into quarantine"),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """Let division and place be suggested, and offer the models of device."""
        super().prepare()
        self.fields["place"].widget.attrs |= suggesting("duties", "place")
        models: Any = self.fields["device_model"]
        models.choices = [("", "—"), *((str(key), name) for key, name in device_models())]

    def clean(self) -> dict[str, Any]:
        """Find the place near the division."""
        said = self.cleaned_data
        if "division" in said and said.get("place"):
            try:
                said["place_id"] = place_named(said["place"], division=said["division"])
            except forms.ValidationError as error:
                self.add_error("place", error)
        return said

    def facts(self, **fixed: Any) -> StationFacts:
        """Return what was said."""
        said = self.cleaned_data
        return StationFacts(
            address=said["address"].strip().upper()
            if said["protocol"] in (Protocol.SL651, Protocol.SZY206)
            else said["address"].strip(),
            protocol=Protocol(said["protocol"]),
            name=said["name"].strip(),
            kind=StationKind(said["kind"]),
            division=said["division"],
            lon=said["lon"],
            lat=said["lat"],
            interval_min=said["interval_min"],
            password=said["password"],
            place_id=said.get("place_id"),
            base_m=said["base_m"],
            rain_from=RainFrom(said["rain_from"]),
            device_model_id=int(said["device_model"]) if said["device_model"] else None,
            is_active=said["is_active"],
        )


class ThresholdForm(RoomForm):
    """A plain threshold of one station."""

    hazard = forms.ChoiceField(label=gettext_lazy("Hazard"), choices=Hazard.choices)
    colour = forms.ChoiceField(label=gettext_lazy("Colour"), choices=Colour.choices)
    measure = forms.ChoiceField(label=gettext_lazy("What is measured"), choices=Measure.choices)
    element = forms.ChoiceField(label=gettext_lazy("Element"))
    window_min = forms.IntegerField(
        label=gettext_lazy("Window in minutes (none for a last value)"),
        min_value=0,
        max_value=LONGEST_WINDOW_MIN,
        required=False,
    )
    value = forms.FloatField(label=gettext_lazy("At or over"))
    source = forms.CharField(label=gettext_lazy("Source"), max_length=LONGEST_SOURCE)
    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    season_from = forms.RegexField(
        SEASON_DAY, label=gettext_lazy("Only from (month-day)"), required=False
    )
    season_until = forms.RegexField(SEASON_DAY, label=gettext_lazy("until"), required=False)

    def __init__(self, *args: Any, elements: list[str], **options: Any) -> None:
        self.known_elements = elements
        super().__init__(*args, **options)

    def prepare(self) -> None:
        """Offer the elements that the station sends, else rain and level."""
        codes = self.known_elements or [KINDS[RAIN].name, "Z"]
        field: Any = self.fields["element"]
        field.choices = [(code, element_label(code)) for code in codes]

    def facts(self) -> ThresholdFacts:
        """Return what was said."""
        said = self.cleaned_data
        return ThresholdFacts(
            hazard=Hazard(said["hazard"]),
            measure=Measure(said["measure"]),
            element=said["element"],
            window_min=said["window_min"] or 0,
            colour=Colour(int(said["colour"])),
            value=said["value"],
            source=said["source"],
            effective_from=said["effective_from"],
            season_from=said["season_from"],
            season_until=said["season_until"],
        )


class IgnoreForm(RoomForm):
    """Why an address is to be ignored."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
