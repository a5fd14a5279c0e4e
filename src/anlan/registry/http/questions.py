"""Endpoints that ask the register as a whole: its tables, who answers, what it lacks, history."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from annotated_types import Ge, Le
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from anlan.kernel.paging import turned
from anlan.kernel.tables.columns import Choice, Column
from anlan.kernel.tables.showing import record_at
from anlan.kernel.tables.table import Table, table_named, tables
from anlan.registry.actions.show_phones import show_phones
from anlan.registry.checks.words import Gap, GapKind
from anlan.registry.data import DivisionChangeKind, DutyKind, Hazard, Permission, PlaceKind
from anlan.registry.http.keys import Bearer, Caller, caller_of
from anlan.registry.http.records import read
from anlan.registry.http.shapes import Code, DivisionCode, Paged, Personal, Turning
from anlan.registry.keeping import RecordOutOfSight
from anlan.registry.queries.answers import Step, place_asked, steps_for
from anlan.registry.queries.division_history import division_history
from anlan.registry.queries.gaps import gap_survey

PLACE = r"^([0-9]{12}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})$"
FIRST_YEAR, LAST_YEAR = 1900, 2100
READS = Permission.READ_REGISTER.value


def moment_of(value: Any) -> Any:
    """Return a moment with its zone, the county's own where none is given."""
    if value is None or isinstance(value, datetime):
        return value
    try:
        # In an address a bare plus stands for a blank.
        found = datetime.fromisoformat(str(value).replace(" ", "+"))
        found = timezone.make_aware(found) if timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        raise PydanticCustomError("datetime", "not a moment") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise PydanticCustomError("datetime", "not a moment")
    return found


Moment = Annotated[datetime, BeforeValidator(moment_of)]


# Tables


class Word(BaseModel):
    """A word that a column may hold."""

    value: str
    label: str


class ColumnTold(BaseModel):
    """A column of a table."""

    name: str
    label: str
    help: str
    type: Literal["text", "whole", "number", "day", "yes_no", "choice", "reference", "pairs"]
    is_required: bool
    is_personal: bool
    is_filter: bool
    choices: list[Word]


class TableTold(BaseModel):
    """A table, with what the key may do with it."""

    name: str
    label: str
    may_read: bool
    may_write: bool
    columns: list[ColumnTold]


class TablesTold(BaseModel):
    """Every table of the register."""

    tables: list[TableTold]


TYPES = {str: "text", int: "whole", float: "number", date: "day", bool: "yes_no"}


def list_tables(request: HttpRequest) -> Any:
    """Say which tables there are, with their columns, in the language of Accept-Language."""
    caller = caller_of(request)
    return {"tables": [_table(table, caller=caller) for table in tables()]}


def _table(table: Table, *, caller: Caller) -> dict[str, Any]:
    return {
        "name": table.name,
        "label": str(table.label),
        "may_read": caller.may(table.reading),
        "may_write": caller.may(table.reading) and caller.may(table.writing),
        "columns": [_column(column) for column in table.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    kind = column.kind
    members = list(kind.of) if isinstance(kind, Choice) else []
    return {
        "name": column.name,
        "label": str(column.label),
        "help": str(column.help),
        "type": _type(column),
        "is_required": column.is_required,
        "is_personal": column.is_personal,
        "is_filter": column.is_filter,
        "choices": [{"value": each.value, "label": str(each.label)} for each in members],
    }


def _type(column: Column) -> str:
    if column.is_reference:
        return "reference"
    if isinstance(column.kind, Choice):
        return "choice"
    if column.kind.input_type == "text" and hasattr(column.kind, "_said"):
        return "pairs"
    return TYPES[column.kind.schema()]


# Who answers


class Asked(Personal):
    """Whom to ask about."""

    place: Annotated[str, Field(pattern=PLACE)] = Field(
        description="The 12-digit code of a division, or the uuid of a place."
    )
    hazard: Hazard
    at: Moment | SkipJsonSchema[None] = Field(
        default=None, description="A moment; without it, now."
    )


class StepTold(BaseModel):
    """One person on the way up; a name is empty while the person is out of sight of the key."""

    step: int
    name: str
    title: str
    duty: DutyKind
    phone: str


class Ladder(BaseModel):
    """Who answers, and to whom to turn while they stay silent."""

    steps: list[StepTold]


class Answering(BaseModel):
    """Who answers for a place in a hazard."""

    name: str
    kind: PlaceKind | None = Field(description="What the place is; null for a division.")
    around: list[str] = Field(description="The divisions around it, the highest first.")
    hazard: Hazard
    at: datetime
    ladders: list[Ladder] = Field(description="One for each person who must answer.")


def who_answers(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Say who answers for a division or a place in a hazard, each with the ladder behind."""
    caller = caller_of(request)
    at = asked.at or caller.now
    with caller.sight():
        place = place_asked(asked.place)
        ladders = steps_for(asked.place, hazard=asked.hazard, at=at)
        numbers = _numbers(ladders, caller=caller) if asked.in_full else {}
        return {
            "name": place.name,
            "kind": place.kind,
            "around": list(place.around),
            "hazard": asked.hazard,
            "at": at,
            "ladders": [{"steps": [_step(step, numbers) for step in each]} for each in ladders],
        }


def _numbers(ladders: list[list[Step]], *, caller: Caller) -> dict[int, str]:
    caller.check(Permission.SHOW_PERSONAL)
    people = {step.person_id for ladder in ladders for step in ladder}
    return show_phones(people, codes=caller.codes, by=caller.actor, now=caller.now)


def _step(step: Step, numbers: dict[int, str]) -> dict[str, Any]:
    return {
        "step": step.number,
        "name": step.name,
        "title": step.title,
        "duty": step.duty,
        "phone": numbers.get(step.person_id, step.masked),
    }


# Gaps


class GapsSought(Turning):
    """By what the list of gaps is narrowed."""

    division: Code | SkipJsonSchema[None] = Field(
        default=None, description="Only gaps in this division: 12 digits."
    )
    kind: GapKind | SkipJsonSchema[None] = Field(
        default=None, description="Only gaps of this kind."
    )


class GapTold(BaseModel):
    """Something that the register lacks."""

    kind: GapKind
    severity: Annotated[int, Ge(1), Le(3)] = Field(description="3 urgent, 2 gap, 1 notice.")
    division_code: str
    division: str
    subject: str
    table: str = Field(description="The table of the record that mends it; may be empty.")
    uuid: str = Field(description="The record that mends it; may be empty.")
    since: date | None
    duty: DutyKind | None
    people: list[str]
    number: int | None
    limit: int | None
    sentence: str
    next_step: str


class GapsPage(Paged):
    """A page of the gaps."""

    gaps: list[GapTold]


def list_gaps(request: HttpRequest, sought: Query[GapsSought]) -> Any:
    """Say what the register lacks in sight of the key: empty posts, places without anybody."""
    caller = caller_of(request)
    kinds = [sought.kind] if sought.kind else None
    with caller.sight():
        found = gap_survey(
            [sought.division] if sought.division else None, at=caller.now, kinds=kinds
        )
    gaps = [gap for gap in found.gaps if _may_see(gap, caller=caller)]
    page, pages, first = turned(sought.page, total=len(gaps), size=sought.size)
    return {
        "gaps": [_gap(gap, names=found.names) for gap in gaps[first : first + sought.size]],
        "page": page,
        "pages": pages,
        "total": len(gaps),
        "total_is_exact": True,
    }


def _may_see(gap: Gap, *, caller: Caller) -> bool:
    is_of_household = gap.kind is GapKind.HOUSEHOLD_NO_CARER
    return not is_of_household or caller.may(Permission.READ_HOUSEHOLDS)


def _gap(gap: Gap, *, names: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": gap.kind,
        "severity": int(gap.severity),
        "division_code": gap.division_code,
        "division": names.get(gap.division_code, ""),
        "subject": gap.subject,
        "table": gap.table,
        "uuid": gap.uuid,
        "since": gap.since,
        "duty": gap.duty,
        "people": list(gap.people),
        "number": gap.number,
        "limit": gap.limit,
        "sentence": gap.sentence,
        "next_step": gap.next_step,
    }


# History


class ChangeTold(BaseModel):
    """One step in the history of a division."""

    model_config = ConfigDict(from_attributes=True)

    kind: DivisionChangeKind
    on: date
    from_code: str
    from_name: str
    to_code: str
    to_name: str
    basis: str


class History(BaseModel):
    """How a division came to be what it is, the latest step first."""

    changes: list[ChangeTold]


def read_history(request: HttpRequest, code: DivisionCode) -> Any:
    """Say what a division was called and which codes it had."""
    caller = caller_of(request)
    with caller.sight():
        if record_at(table_named("divisions"), code) is None:
            raise RecordOutOfSight(code)
        return {"changes": division_history(code)}


def add_question_routes(router: Router) -> None:
    """Add the endpoints that ask the register as a whole."""
    for path, shape, view, name in (
        ("/tables", TablesTold, list_tables, "tables"),
        ("/who-answers", Answering, who_answers, "who-answers"),
        ("/gaps", GapsPage, list_gaps, "gaps"),
        ("/divisions/{code}/history", History, read_history, "history"),
    ):
        router.get(
            path,
            response=read(shape),
            auth=Bearer(READS) if view is not list_tables else Bearer(),
            operation_id=view.__name__,
            tags=["register"],
            url_name=name,
        )(view)
