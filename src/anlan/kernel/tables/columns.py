"""What one column of a table holds: how a cell becomes a value, and how a value is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from anlan.kernel.sheets.cells import (
    BadCell,
    as_choice,
    as_code,
    as_day,
    as_id_number,
    as_number,
    as_phone,
    as_text,
    as_whole,
    as_yes_no,
    choice_table,
)
from anlan.kernel.tables.progress import Told

Words = str | Promise
LANGUAGES = ("zh-hans", "en")


class Kind:
    """What a column holds. `parse` takes a cell of a sheet, a form or a program."""

    wants_text = False  # a sheet must not make a number of it
    input_type = "text"

    def parse(self, cell: Any) -> Any:
        """Return the value of a cell, None when it is empty; raise BadCell when it has none."""
        raise NotImplementedError(type(self).__name__)

    def show(self, value: Any) -> Any:
        """Return a value as sheets and programs see it."""
        return value

    def same(self, new: Any, old: Any) -> bool:
        """Tell whether a parsed value equals a stored one."""
        return bool(new == old)

    def choices(self) -> tuple[str, ...]:
        """Return the texts that a cell may hold, when there are only a few."""
        return ()

    def schema(self) -> Any:
        """Return the type by which programs give and take it."""
        return str


@dataclass(frozen=True)
class Text(Kind):
    """A text of at most `longest` characters; empty is an empty text."""

    longest: int = 80

    def parse(self, cell: Any) -> str:
        """Return the text without stray spaces."""
        return as_text(cell, longest=self.longest) or ""


@dataclass(frozen=True)
class Code(Kind):
    """A number that people assign, kept as a text with its leading zeros."""

    longest: int = 30
    wants_text = True

    def parse(self, cell: Any) -> str:
        """Return the code as it is written."""
        return as_code(cell, longest=self.longest) or ""


@dataclass(frozen=True)
class Whole(Kind):
    """A whole number between two bounds, both included."""

    least: int = 0
    most: int = 2_000_000_000
    units: tuple[str, ...] = ()
    input_type = "number"

    def parse(self, cell: Any) -> int | None:
        """Return the number."""
        return as_whole(cell, least=self.least, most=self.most, units=self.units)

    def schema(self) -> Any:
        """Return int."""
        return int


@dataclass(frozen=True)
class Number(Kind):
    """A number between two bounds; `places` rounds it to a decimal as the database keeps it."""

    least: float = 0.0
    most: float = 1e12
    places: int | None = None
    units: tuple[str, ...] = ()

    def parse(self, cell: Any) -> float | Decimal | None:
        """Return the number, a Decimal when it has a fixed count of places."""
        found = as_number(cell, least=self.least, most=self.most, units=self.units)
        if found is None or self.places is None:
            return found
        return Decimal(str(found)).quantize(Decimal(1).scaleb(-self.places))

    def show(self, value: Any) -> Any:
        """Return a float: sheets know no decimals."""
        return float(value) if isinstance(value, Decimal) else value

    def schema(self) -> Any:
        """Return float."""
        return float


class Day(Kind):
    """A day."""

    input_type = "date"

    def parse(self, cell: Any) -> date | None:
        """Return the day."""
        return as_day(cell)

    def schema(self) -> Any:
        """Return date."""
        return date


class YesNo(Kind):
    """Yes or no; an empty cell says neither."""

    def parse(self, cell: Any) -> bool | None:
        """Return what the cell says."""
        return as_yes_no(cell)

    def show(self, value: Any) -> Any:
        """Return the word."""
        return value if value is None else _("yes") if value else _("no")

    def choices(self) -> tuple[str, ...]:
        """Return both words."""
        return (_("yes"), _("no"))

    def schema(self) -> Any:
        """Return bool."""
        return bool


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words; every language's word and the word that programs use are taken."""

    of: type[TextChoices]
    also: tuple[tuple[str, str], ...] = ()

    @cached_property
    def accepted(self) -> Mapping[str, str]:
        """Return each accepted word with what it stands for."""
        pairs: list[tuple[str, str]] = []
        for language in LANGUAGES:
            with override(language):
                pairs += [(str(member.value), str(member.label)) for member in self.of]
        return choice_table([*pairs, *((value, word) for word, value in self.also)])

    def parse(self, cell: Any) -> str:
        """Return the value of the word."""
        return as_choice(cell, choices=self.accepted) or ""

    def show(self, value: Any) -> Any:
        """Return the word in the reader's language."""
        return str(self.of(value).label) if value in self.of.values else value

    def choices(self) -> tuple[str, ...]:
        """Return the words in the reader's language."""
        return tuple(str(member.label) for member in self.of)


class Phone(Kind):
    """A telephone number in its one form."""

    wants_text = True
    input_type = "tel"

    def parse(self, cell: Any) -> str:
        """Return the number in its one form."""
        return as_phone(cell) or ""


class IdNumber(Kind):
    """A citizen's number of 18 characters, checked by its last."""

    wants_text = True

    def parse(self, cell: Any) -> str:
        """Return the number with a capital X."""
        return as_id_number(cell) or ""


@dataclass(frozen=True)
class Curve(Kind):
    """Pairs of numbers that rise together, written “440:1200000; 442:2100000”."""

    def parse(self, cell: Any) -> list[list[float]]:
        """Return the pairs."""
        if isinstance(cell, list):
            pairs = [[float(level), float(volume)] for level, volume in cell]
        else:
            text = as_text(cell, longest=4_000) or ""
            pairs = [self._pair(part) for part in text.split(";") if part.strip()]
        for before, after in pairwise(pairs):
            if after[0] <= before[0] or after[1] <= before[1]:
                raise BadCell(
                    _("After %(before)s comes %(after)s: both numbers must rise from pair to pair.")
                    % {"before": self._said(before), "after": self._said(after)}
                )
        return pairs

    def _pair(self, part: str) -> list[float]:
        level, colon, volume = part.partition(":")
        try:
            return [float(level), float(volume if colon else "")]
        except ValueError:
            raise BadCell(
                _("“%(value)s” is no pair: write level:volume, pairs apart by semicolons.")
                % {"value": part.strip()}
            ) from None

    def _said(self, pair: Sequence[float]) -> str:
        return f"{pair[0]:g}:{pair[1]:g}"

    def show(self, value: Any) -> Any:
        """Return the pairs as text."""
        return "; ".join(self._said(pair) for pair in value or ())


class Course(Kind):
    """A line on the map, a list of [lon, lat]; sheets leave it alone, with an empty cell."""

    def parse(self, cell: Any) -> list[list[float]]:
        """Return the line of a program; a text is refused."""
        if not isinstance(cell, list):
            raise BadCell(_("A line on the map cannot be typed; leave the cell empty."))
        return [[float(lon), float(lat)] for lon, lat in cell]

    def show(self, value: Any) -> Any:
        """Return nothing: a line fits into no cell."""
        return ""


@dataclass(frozen=True)
class Found:
    """What a reference leads to: its key, the division that it belongs to, its name."""

    key: Any
    home: str
    text: str


Wanted = tuple[str, str]
"""A text that names something, and the division of the row that says it (empty: not known)."""

Finder = Callable[[Sequence[Wanted]], Mapping[Wanted, Found | str]]
"""Finds what texts name, all at once; a text instead of a Found says why there is none."""


@dataclass(frozen=True)
class Reference(Kind):
    """The name or code of another record. `paths` lead from the key to what names it."""

    find: Finder
    paths: tuple[str, ...]
    word: Callable[[Sequence[Any]], str]
    suggestions: str = ""
    wants_text = True

    def parse(self, cell: Any) -> str:
        """Return the text that names the record; finding it comes later, for all rows at once."""
        found = as_text(cell, longest=160) if isinstance(cell, str) else as_code(cell)
        return found or ""


class Keeper:
    """Keeps a column that another table holds, such as who answers for a place."""

    def current(self, keys: Sequence[Any]) -> Mapping[Any, tuple[Any, str]]:
        """Return what each record has now: the value and how it is shown."""
        raise NotImplementedError(type(self).__name__)

    def prepare(self, said: Sequence[tuple[Any, Any]]) -> None:
        """Make ready what `keep` will write, before the transaction in which it does."""

    def keep(
        self, said: Sequence[tuple[Any, Any]], *, by: Any, now: Any, told: Told | None = None
    ) -> None:
        """Write what rows say: pairs of a draft and the value that it gives."""
        raise NotImplementedError(type(self).__name__)

    def give_back(self, keys: Mapping[Any, Any], *, now: Any) -> None:
        """Let each record have the value again that it had before `keep`."""
        raise NotImplementedError(type(self).__name__)

    def forget(self, keys: Sequence[Any], *, now: Any) -> None:
        """Take away what `keep` wrote for records that are about to go."""
        raise NotImplementedError(type(self).__name__)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table.

    `field` is the model's column when it has another name; a `keeper` keeps one that other
    tables hold. `index` names
    the column with the keyed digest of an encrypted one. `also` are headings that offices use.
    Text under a heading of `before` is set before the cell with a slash (the town of a village),
    that of `after` behind it with a space (the phone of a person). `default` stands in a new row
    whose cell is empty. What `is_fixed` stays as it was first written.
    """

    name: str
    label: Words
    kind: Kind
    field: str = ""
    on_detail: bool = False
    keeper: Keeper | None = None
    is_required: bool = False
    is_fixed: bool = False
    default: Any = None
    index: str = ""
    is_personal: bool = False
    in_list: bool = False
    is_filter: bool = False
    also: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    help: Words = ""
    example: str = ""

    @property
    def attribute(self) -> str:
        """Return the model's column that holds it."""
        return self.field or self.name

    @property
    def is_virtual(self) -> bool:
        """Tell whether no column of the table's own models holds it."""
        return self.keeper is not None or self.name == "uuid"

    @property
    def is_reference(self) -> bool:
        """Tell whether it names another record."""
        return isinstance(self.kind, Reference)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Return every heading under which a sheet may give it."""
        found = [self.name, *self.also]
        for language in LANGUAGES:
            with override(language):
                found.append(str(self.label))
        return tuple(dict.fromkeys(found))
