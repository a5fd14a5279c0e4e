"""What the leak test knows of answers, measures, verdicts and communication tests."""

from collections.abc import Mapping
from typing import Any

from anlan.registry.data import Permission
from tests.leak_patterns import Body

ABOUT: Mapping[str, tuple[str, str]] = {
    "record_answer": ("warning.Summons", "uuid"),
    "judge_warning": ("warning.WarningVerdict", "warning.uuid"),
    "communication_test": ("warning.CommunicationTest", "uuid"),
    "communication_test_export": ("warning.CommunicationTest", "uuid"),
    "end_communication_test": ("warning.CommunicationTest", "uuid"),
    "record_test_answer": ("warning.TestCall", "pk"),
}
WRITES: Mapping[str, str] = {
    "record_answer": Permission.RECORD_ANSWERS,
    "judge_warning": Permission.RECORD_ANSWERS,
    "communication_tests": Permission.RECORD_ANSWERS,
    "end_communication_test": Permission.RECORD_ANSWERS,
    "record_test_answer": Permission.RECORD_ANSWERS,
}
UNTESTED = "990701103201"  # a village of the first county in which no test is open


def of_measures(world: Any, visitor: Any, case: Any) -> list[Body]:
    """Return what the form of each address asks for."""
    if case.name == "record_answer":
        return [Body({"person": str(world.one("registry.Person", case.code).pk)})]
    if case.name == "judge_warning":
        return [Body({"verdict": "hit", "remark": "walk"})]
    if case.name == "communication_tests":
        codes = [case.code, UNTESTED] if case.code == visitor.own else [case.code]
        asked = {"hours": "6", "despite_warnings": "1"}
        return [Body({**asked, "division": code}) for code in codes]
    return [Body({})]
