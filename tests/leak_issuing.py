"""What the leak test knows of warnings: drafts, changes, words and rules, the upper levels."""

from collections.abc import Mapping
from typing import Any

from anlan.registry.data import Permission
from tests.leak_patterns import Body

DRAFT, WARNING = ("warning.WarningDraft", "uuid"), ("warning.HazardWarning", "uuid")
UPPER, SOURCE = ("warning.UpperWarning", "uuid"), ("warning.WarningSource", "uuid")
ABOUT: Mapping[str, tuple[str, str]] = {
    "warning": WARNING,
    "upper_warning": UPPER,
    "upper_warning_file": UPPER,
    "warning_source": SOURCE,
    "end_warning_source": SOURCE,
    "warning_draft": DRAFT,
    "edit_warning_draft": DRAFT,
    "issue_warning_draft": DRAFT,
    "discard_warning_draft": DRAFT,
    "change_warning": WARNING,
    "cancel_warning": WARNING,
}
WRITES: Mapping[str, str] = {
    "new_warning": Permission.DRAFT_WARNINGS,
    "edit_warning_draft": Permission.DRAFT_WARNINGS,
    "issue_warning_draft": Permission.ISSUE_WARNINGS,
    "discard_warning_draft": Permission.DRAFT_WARNINGS,
    "change_warning": Permission.DRAFT_WARNINGS,
    "cancel_warning": Permission.ISSUE_WARNINGS,
    "warning_texts": Permission.KEEP_WARNING_RULES,
    "issue_rules": Permission.KEEP_WARNING_RULES,
    "warning_sources": Permission.KEEP_SOURCES,
    "warning_source": Permission.KEEP_SOURCES,
    "end_warning_source": Permission.KEEP_SOURCES,
}


def of_issuing(world: Any, visitor: Any, case: Any) -> list[Body]:
    """Return what the form of each address asks for."""
    town, county = f"{case.code[:9]}000", f"{case.code[:6]}000000"
    if case.name in ("new_warning", "edit_warning_draft"):
        homes = {town, county} if case.code == visitor.own else {town}
        plain = {"hazard": "earthquake", "colour": "1", "divisions": case.code, "version": "1"}
        return [Body({**plain, "home": home}) for home in sorted(homes)]
    if case.name == "warning_texts":
        return [
            Body({"county": county, "audience": "desk", "title": "新", "text": "新", "do": do})
            for do in ("try", "keep")
        ]
    if case.name == "issue_rules":
        plain = {"is_automatic": "0", "decide_minutes": "9", "valid_hours": "9", "source": "walk"}
        return [Body({**plain, "county": county, "colour": "2", "roles": ["commander"]})]
    if case.name in ("warning_sources", "warning_source"):
        typed = {"name": "新来源", "address": "http://127.0.0.1:9/feed", "every_seconds": "600"}
        return [Body({**typed, "division": county, "version": "1"})]
    return [Body({"version": "1", "reason": "walk", "whole": "1"})]
