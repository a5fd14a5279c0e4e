"""What a form says of a call: the word, and how many people were notified and are out."""

from django.http import QueryDict

from anlan.kernel.paging import whole_number
from anlan.warning.data import AnswerKind


def word_in(form: QueryDict) -> AnswerKind | None:
    """Return the answer that was pressed, None for none that there is."""
    word = form.get("word", "")
    return AnswerKind(word) if word in AnswerKind.values else None


def people_in(form: QueryDict, name: str) -> int | None:
    """Return a number of people, None for an empty field, -1 for what is no number."""
    text = form.get(name, "").strip()
    return whole_number(text, otherwise=-1) if text else None
