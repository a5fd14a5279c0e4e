"""What people found of warnings afterwards; of each warning the newest word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from anlan.kernel import journal, scope
from anlan.warning.data import VerdictKind
from anlan.warning.models import HazardWarning, WarningVerdict

MOST_TOLD = 20


@dataclass(frozen=True)
class Verdict:
    """One word on a warning: what it turned out to be, when that came, who said so and when."""

    verdict: VerdictKind
    occurred_at: datetime | None
    remark: str
    at: datetime
    actor: str


def newest_verdicts(warning_ids: "Iterable[int] | QuerySet[HazardWarning]") -> dict[int, Verdict]:
    """Return the word that counts of each of these warnings that has one, by id.

    Whoever sees a village of a warning sees what was found of it: give only warnings in sight.
    """
    wanted = warning_ids if isinstance(warning_ids, QuerySet) else list(warning_ids)
    with scope.everywhere("what was found of a warning is seen by whoever sees the warning"):
        rows = WarningVerdict.objects.filter(warning__in=wanted).order_by("at", "pk")
        return {row.warning_id: _verdict(row, actor="") for row in rows}


def verdicts_of(warning: HazardWarning) -> list[Verdict]:
    """Return every word on a warning in sight, the newest first."""
    with scope.everywhere("what was found of a warning is seen by whoever sees the warning"):
        rows = list(WarningVerdict.objects.filter(warning=warning).order_by("-at", "-pk"))
    told = journal.entries_about(f"warning_verdict:{warning.uuid}", most=MOST_TOLD) if rows else []
    actors = {each.at: each.actor for each in told}
    return [_verdict(row, actor=actors.get(row.at, "")) for row in rows]


def _verdict(row: WarningVerdict, *, actor: str) -> Verdict:
    return Verdict(
        verdict=VerdictKind(row.verdict),
        occurred_at=row.occurred_at,
        remark=row.remark,
        at=row.at,
        actor=actor,
    )
