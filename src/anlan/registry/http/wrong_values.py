"""Values of the wrong type or size, told in sentences like those of a spreadsheet."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.tables.columns import Column
from anlan.kernel.tables.drafts import Fault
from anlan.kernel.tables.table import NoSuchTable, table_named

# What pydantic calls an error, by how its name begins, and what would have been right.
WANTED: Sequence[tuple[str, str | Promise]] = (
    ("greater_than_equal", gettext_lazy("at least %(ge)s")),
    ("less_than_equal", gettext_lazy("at most %(le)s")),
    ("string_too_long", gettext_lazy("a text of at most %(max_length)s characters")),
    ("string_pattern", gettext_lazy("a code of digits and letters, of a division 12 digits")),
    ("string", gettext_lazy("a text")),
    ("int", gettext_lazy("a whole number")),
    ("float", gettext_lazy("a number")),
    ("finite", gettext_lazy("a number")),
    ("bool", gettext_lazy("true or false")),
    ("datetime", gettext_lazy("a moment such as 2024-07-15T20:00:00+08:00")),
    ("timezone", gettext_lazy("a moment such as 2024-07-15T20:00:00+08:00")),
    ("date", gettext_lazy("a day such as 2024-07-01")),
    ("literal", gettext_lazy("one of %(expected)s")),
    ("enum", gettext_lazy("one of %(expected)s")),
    ("uuid", gettext_lazy("the system number of a record")),
    ("list", gettext_lazy("a list of pairs of numbers")),
    ("too_", gettext_lazy("a list of pairs of numbers")),
    ("model", gettext_lazy("an object with fields")),
    ("dict", gettext_lazy("an object with fields")),
)
WHOLE = "body"


def faults_in(errors: Iterable[Mapping[str, Any]], *, request: HttpRequest) -> list[Fault]:
    """Return one fault for each field with a wrong value."""
    columns = _columns(request)
    found: dict[str, Fault] = {}
    for error in errors:
        name = _field(error)
        sentence = _sentence(error, name, column=columns.get(name))
        found.setdefault(name, Fault(column=name, sentence=sentence))
    return list(found.values())


def _columns(request: HttpRequest) -> Mapping[str, Column]:
    """Return the columns of the table that the call is about."""
    match = request.resolver_match
    try:
        return table_named((match.url_name or "" if match else "").partition("/")[0]).by_name
    except NoSuchTable:
        return {}


def _field(error: Mapping[str, Any]) -> str:
    """Return the name of the field, empty when the body as a whole is wrong."""
    source, *rest = error["loc"]
    names = [str(part) for part in rest if isinstance(part, str)]
    if source == WHOLE:
        names = names[1:]
    return names[0][:80] if names else ""


def _sentence(error: Mapping[str, Any], name: str, *, column: Column | None) -> str:
    label = str(column.label) if column else name or _("the body")
    kind = str(error["type"])
    if kind == "missing":
        return _("“%(column)s” is empty; fill it in.") % {"column": label}
    if kind == "extra_forbidden":
        return _("There is no field “%(name)s” here; leave it out.") % {"name": name}
    if column is not None and (said := _refused(column, error.get("input"))):
        return said
    return _("“%(column)s” must be %(what)s.") % {"column": label, "what": _wanted(error)}


def _refused(column: Column, value: Any) -> str:
    """Return what a spreadsheet would say of the value, empty when it would take it."""
    if isinstance(value, str | float | int) and not isinstance(value, bool):
        try:
            column.kind.parse(value)
        except BadCell as error:
            return str(error)
        except (ValueError, OverflowError):
            return ""
    return ""


def _wanted(error: Mapping[str, Any]) -> str:
    kind = str(error["type"])
    for start, words in WANTED:
        if kind.startswith(start):
            return str(words) % (error.get("ctx") or {})
    return _("of another kind")
