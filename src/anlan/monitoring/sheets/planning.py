"""What a spreadsheet of things seen by eye would do: read, found, held against what stands there.

Nothing is written here. The same judgement as of a form decides over each row.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from anlan.kernel.actors import Actor
from anlan.kernel.codes import CODE_DIGITS, Level
from anlan.kernel.sheets.cells import BadCell
from anlan.kernel.sheets.reading import open_book
from anlan.kernel.sheets.unusable import UnusableFile
from anlan.kernel.tables.drafts import Draft, RowState
from anlan.kernel.tables.intake import Intake, take_in
from anlan.kernel.tables.table import Table
from anlan.monitoring.data import HandSubject, MacroEntry, StaffLevel
from anlan.monitoring.queries.permitted import permitted
from anlan.monitoring.sheets.columns import TABLES
from anlan.registry.data import Permission

MOST_ROWS = 10_000
NEEDS = (Permission.ENTER_READINGS, Permission.IMPORT_SHEETS)


@dataclass
class HandPlan:
    """A spreadsheet read, with what each row says and what becomes of it.

    `levels` and `entries` are what the good rows give, each with the place of its row.
    """

    intake: Intake
    drafts: list[Draft]
    levels: list[tuple[int, StaffLevel]] = field(default_factory=list)
    entries: list[tuple[int, MacroEntry]] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Return what tells this plan from another: what becomes of each row."""
        found = hashlib.sha256()
        for draft in self.drafts:
            found.update(f"{draft.number}{draft.state.value}{draft.changes}".encode())
        return found.hexdigest()

    def counts(self) -> dict[RowState, int]:
        """Return how many rows come to what."""
        found = dict.fromkeys(RowState, 0)
        for draft in self.drafts:
            found[draft.state] += 1
        return found

    @property
    def division_code(self) -> str:
        """Return the smallest division that holds every good row, empty where none does."""
        homes = {draft.home for draft in self.drafts if draft.home and not draft.faults}
        for level in reversed(Level):
            prefixes = {home[:level] for home in homes}
            if len(prefixes) == 1:
                return prefixes.pop().ljust(CODE_DIGITS, "0")
        return ""

    def in_state(self, *states: RowState) -> list[int]:
        """Return the places of the rows that come to this."""
        return [place for place, draft in enumerate(self.drafts) if draft.state in states]


Judge = Callable[[HandPlan, Callable[[str], bool], datetime], None]


def read_sheet(subject: HandSubject, *, file_name: str, content: bytes) -> Intake:
    """Return the rows of a spreadsheet; raise UnusableFile with a sentence when it has none."""
    intake = take_in(open_book(file_name, content), TABLES[subject])
    if intake.total > MOST_ROWS:
        raise UnusableFile(
            _("The file has %(rows)s rows, %(most)s are taken at a time; split it.")
            % {"rows": intake.total, "most": MOST_ROWS}
        )
    return intake


def plan_hand_sheet(
    subject: HandSubject, *, file_name: str, content: bytes, judge: Judge, by: Actor, now: datetime
) -> HandPlan:
    """Return what a spreadsheet would do as of now, with the rights of whoever sends it."""
    intake = read_sheet(subject, file_name=file_name, content=content)
    drafts = [Draft(number=number, cells=cells) for number, cells in intake.rows()]
    _parse(intake.table, drafts)
    plan = HandPlan(intake=intake, drafts=drafts)
    judge(plan, permitted(*NEEDS, by=by, now=now), now)
    return plan


def _parse(table: Table, drafts: Iterable[Draft]) -> None:
    """Turn cells into values, and complain of those that are wrong or missing."""
    for draft in drafts:
        for name, cell in draft.cells.items():
            try:
                draft.values[name] = table.by_name[name].kind.parse(cell)
            except BadCell as error:
                draft.complain(name, str(error))
        wrong = {fault.column for fault in draft.faults}
        for column in table.columns:
            if (
                column.is_required
                and column.name not in wrong
                and draft.values.get(column.name) in (None, "")
            ):
                draft.complain(
                    column.name,
                    _("“%(column)s” is empty; fill it in.") % {"column": column.label},
                )


def settle(draft: Draft, found: Sequence[object], *, text: str) -> bool:
    """Tell whether a text named exactly one thing; complain when it did not."""
    if len(found) == 1:
        return True
    if not found:
        draft.complain(
            "station", _("There is no station “%(text)s” here; check its name.") % {"text": text}
        )
    else:
        draft.complain(
            "station",
            _("“%(text)s” fits %(count)s stations; write the code instead.")
            % {"text": text, "count": len(found)},
        )
    return False


def complain_of_place(draft: Draft) -> None:
    """Say that a row is about a place for which its sender may send no spreadsheet."""
    draft.complain(
        "station", _("You may not send readings for this station; leave it to its own division.")
    )
