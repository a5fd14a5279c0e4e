"""The forms by which divisions are redrawn; each knows the action that it fills."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core import signing
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.registry.actions.merge_divisions import merge_divisions
from anlan.registry.actions.recode_division import recode_division
from anlan.registry.actions.rename_division import rename_division
from anlan.registry.actions.split_division import split_division
from anlan.registry.boundaries.features import UnusableBoundaries
from anlan.registry.boundaries.reading import check_size
from anlan.registry.data import RedrawingRefused
from anlan.registry.models import Division
from anlan.registry.queries.boundaries import boundaries_of_parts
from anlan.registry.queries.members import Member, members_of
from anlan.registry.redrawing import MAX_BASIS, MAX_NAME, Part, Redrawing
from anlan.registry.screens.division_words import TABLES

CODE_DIGITS = 12
PARTS = (1, 2, 3)
AREAS_SALT = "areas of parts"


class PaperForm(forms.Form):
    """The day and the document that every redrawing names."""

    on = forms.DateField(
        label=gettext_lazy("Takes effect on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    basis = forms.CharField(label=gettext_lazy("Document number"), max_length=MAX_BASIS)

    def __init__(self, *args: Any, division: Division, **options: Any) -> None:
        super().__init__(*args, **options)
        self.division = division
        self.prepare()
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")

    def prepare(self) -> None:
        """Fit the fields to the division; called once."""

    def values(self) -> dict[str, Any]:
        """Return what the action is told beside the division, the actor and the moment."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def carry_out(self, **how: Any) -> Redrawing:
        """Call the action."""
        raise NotImplementedError


class RenameForm(PaperForm):
    """Another name."""

    field_order = ("name", "on", "basis")
    name = forms.CharField(label=gettext_lazy("New name"), max_length=MAX_NAME)

    def carry_out(self, **how: Any) -> Redrawing:
        """Rename the division."""
        return rename_division(self.division.code, **self.values(), **how)


class RecodeForm(PaperForm):
    """Another code."""

    field_order = ("new_code", "on", "basis")
    new_code = forms.CharField(label=gettext_lazy("New code"), max_length=CODE_DIGITS)

    def carry_out(self, **how: Any) -> Redrawing:
        """Recode the division."""
        return recode_division(self.division.code, **self.values(), **how)


class MergeForm(PaperForm):
    """The divisions that are merged with this one, and what they become."""

    field_order = ("codes", "into", "name", "on", "basis")
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Merge with"),
        widget=forms.CheckboxSelectMultiple(attrs={"class": ""}),
    )
    into = forms.CharField(
        label=gettext_lazy("Code of the merged division (one of them, or a new one)"),
        max_length=CODE_DIGITS,
    )
    name = forms.CharField(
        label=gettext_lazy("Its name (empty: as before)"), max_length=MAX_NAME, required=False
    )

    def prepare(self) -> None:
        """Offer the divisions of the same kind under the same county."""
        beside = Division.objects.filter(
            parent=self.division.parent_id, ended_on__isnull=True
        ).exclude(pk=self.division.code)
        choices = beside.order_by("code").values_list("code", "name")
        self.fields["codes"].choices = [(c, f"{n} {c}") for c, n in choices]  # type: ignore[attr-defined]
        self.fields["into"].initial = self.division.code

    def carry_out(self, **how: Any) -> Redrawing:
        """Merge the divisions."""
        values = self.values()
        codes = [self.division.code, *values.pop("codes")]
        return merge_divisions(codes, **values, **how)


class SplitForm(PaperForm):
    """Up to three parts, what goes to which, and who takes the rest."""

    heir = forms.ChoiceField(
        label=gettext_lazy("Takes all that nobody dealt out"),
        choices=[(str(n), gettext_lazy("part %(n)d") % {"n": n}) for n in PARTS],
    )
    file = forms.FileField(
        label=gettext_lazy("Boundaries of the parts (may be left out)"), required=False
    )
    areas = forms.CharField(widget=forms.HiddenInput, required=False)

    def prepare(self) -> None:
        """Add the fields of each part and of each member."""
        for n in PARTS:
            self._add_part(n)
        self.fields["code_1"].initial = self.division.code
        self.fields["name_1"].initial = self.division.name
        self.members = members_of(self.division.code)
        self.told: dict[str, Any] | None = None

    def _add_part(self, n: int) -> None:
        needed = n < PARTS[-1]
        self.fields[f"code_{n}"] = forms.CharField(
            label=_("Code"), max_length=CODE_DIGITS, required=needed
        )
        self.fields[f"name_{n}"] = forms.CharField(
            label=_("Division name"), max_length=MAX_NAME, required=needed
        )
        for name, label in (("population", _("People")), ("households", _("Households"))):
            self.fields[f"{name}_{n}"] = forms.IntegerField(
                label=label, min_value=0, required=False
            )
        for name, label in (
            ("plain_km2", _("Plain km²")),
            ("hill_km2", _("Hill km²")),
            ("mountain_km2", _("Mountain km²")),
        ):
            self.fields[f"{name}_{n}"] = forms.DecimalField(
                label=label, min_value=0, max_digits=9, decimal_places=4, required=False
            )

    @property
    def parts(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each part."""
        return [(n, [self[f] for f in self.fields if f.endswith(f"_{n}")]) for n in PARTS]

    @property
    def dealt(self) -> list[tuple[Member, str | Promise, str]]:
        """Return each member with what it is and the part chosen for it."""
        return [
            (each, TABLES[each.model], str(self.data.get(f"to-{each.key}", "")))
            for each in self.members
        ]

    def values(self) -> dict[str, Any]:
        """Return the parts and the heir; the file is read once."""
        if self.told is None:
            self.told = self._read()
        return self.told

    def _read(self) -> dict[str, Any]:
        told = self.cleaned_data
        codes = {str(n): told[f"code_{n}"] for n in PARTS if told[f"code_{n}"]}
        areas = self._areas({codes[n]: told[f"name_{n}"] for n in codes})
        parts = [self._part(n, code, areas=areas) for n, code in codes.items()]
        heir = codes.get(told["heir"], "")
        return {"parts": parts, "heir": heir, "on": told["on"], "basis": told["basis"]}

    def _part(self, n: str, code: str, *, areas: Mapping[str, Any]) -> Part:
        told = self.cleaned_data
        names = ("population", "households", "plain_km2", "hill_km2", "mountain_km2")
        figures: dict[str, Decimal | int] = {
            name: told[f"{name}_{n}"] for name in names if told[f"{name}_{n}"] is not None
        }
        return Part(
            code=code,
            name=told[f"name_{n}"],
            members=frozenset(each.key for each, _table, to in self.dealt if to == n),
            boundary=areas.get(code),
            figures=figures,
        )

    def _areas(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Return the boundaries of the file, or those that the last look at it gave."""
        upload = self.cleaned_data["file"]
        if not upload:
            return self._seen_areas()
        try:
            check_size(upload.size)
            return boundaries_of_parts(upload.read(), file_name=upload.name, names=names)
        except UnusableBoundaries as error:
            raise RedrawingRefused(str(error)) from error

    def _seen_areas(self) -> dict[str, Any]:
        if not self.cleaned_data["areas"]:
            return {}
        try:
            found: dict[str, Any] = signing.loads(
                self.cleaned_data["areas"], salt=AREAS_SALT, max_age=3600
            )
        except signing.BadSignature as error:
            raise RedrawingRefused(_("Choose the file with the boundaries again.")) from error
        return found

    def carry_out(self, **how: Any) -> Redrawing:
        """Split the division."""
        return split_division(self.division.code, **self.values(), **how)
