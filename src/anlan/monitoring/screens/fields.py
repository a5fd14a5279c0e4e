"""Forms of monitoring: how they look, and fields that take a division by its name."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy

from anlan.registry.api import division_meant, place_meant

LONGEST_TEXT = 80


class RoomForm(forms.Form):
    """A form whose fields look like every other form's, and take the faults of an action."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.prepare()
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            is_box = isinstance(field.widget, forms.CheckboxInput)
            look = "form-check-input" if is_box else "form-select" if is_choice else "form-control"
            field.widget.attrs.setdefault("class", look)
            field.widget.attrs.setdefault("autocomplete", "off")

    def prepare(self) -> None:
        """Fit the fields to what is kept; called once."""

    def take_faults(self, faults: dict[str, str]) -> None:
        """Show an action's sentences at their fields, others above the form."""
        for name, sentence in faults.items():
            self.add_error(name if name in self.fields else None, sentence)


def suggesting(table: str, column: str) -> dict[str, str]:
    """Return what lets an input suggest records while somebody types."""
    return {
        "list": f"s-{column}",
        "hx-get": f"{reverse('register_suggest', args=[table])}?column={column}",
        "hx-trigger": "focus once, input changed delay:250ms",
        "hx-target": f"#s-{column}",
    }


class DivisionField(forms.CharField):
    """A division in sight by code, name or “town/village”; cleans to its code."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", gettext_lazy("Division"))
        options.setdefault(
            "help_text", gettext_lazy("“town/village”, a name that is there once, or the code")
        )
        super().__init__(max_length=LONGEST_TEXT, **options)

    def clean(self, value: Any) -> str:
        """Return the code of the division that a text names."""
        text = super().clean(value)
        found = division_meant(text)
        if isinstance(found, str):
            raise forms.ValidationError(found)
        return found.code


def place_named(text: str, *, division: str) -> int | None:
    """Return the place that a text names near a division; raise ValidationError where it cannot."""
    if not text:
        return None
    found = place_meant(text, home=division)
    if isinstance(found, str):
        raise forms.ValidationError(found)
    return found
