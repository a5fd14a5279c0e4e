"""One cell in, one value out: None for an empty cell, BadCell with a sentence for a wrong one."""

from anlan.kernel.sheets.days import as_day
from anlan.kernel.sheets.numbers_in_cells import (
    as_choice,
    as_number,
    as_whole,
    as_yes_no,
    choice_table,
)
from anlan.kernel.sheets.personal import as_code, as_id_number, as_phone, as_phones, check_sign
from anlan.kernel.sheets.plain import BadCell, as_text
from anlan.kernel.sheets.reading import Cell

__all__ = [
    "BadCell",
    "Cell",
    "as_choice",
    "as_code",
    "as_day",
    "as_id_number",
    "as_number",
    "as_phone",
    "as_phones",
    "as_text",
    "as_whole",
    "as_yes_no",
    "check_sign",
    "choice_table",
]
