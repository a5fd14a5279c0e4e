"""Tables as text: which encoding, which separator, which rows."""

import codecs
import csv
import io
from collections import Counter
from itertools import islice

from django.utils.translation import gettext as _

from anlan.kernel.sheets.unusable import MAX_ROWS, UnusableFile, check_size

SEPARATORS = ",;\t"
SAMPLE = 30
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(content: bytes) -> str:
    """Return the text of a CSV in UTF-8, UTF-16 with its mark, or GB 18030."""
    encodings = ("utf-16",) if content.startswith(WIDE_MARKS) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise UnusableFile(
        _("The file is not readable as text: save the table as .xlsx or as CSV in UTF-8.")
    )


def separator_of(text: str) -> str:
    """Return the separator that cuts most of the first lines into the same number of parts."""
    sample = text[:65_536].splitlines(keepends=True)[:SAMPLE]

    def regularity(separator: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if row)
        except csv.Error:
            return 0, 0
        width, lines = max(widths.items(), key=lambda item: item[1] * (item[0] > 1), default=(1, 0))
        return (lines, width) if width > 1 else (0, 0)

    return max(SEPARATORS, key=regularity)


def rows_of(name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a CSV, all of the same width; raise UnusableFile when it is none."""
    text = decoded(content)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    try:
        rows = list(islice(lines, MAX_ROWS + 1))
    except csv.Error as error:
        raise UnusableFile(
            _(
                "Line %(line)d of the file has a quotation mark that is not closed or an overlong "
                "text: mend the line or save the table as .xlsx."
            )
            % {"line": lines.line_num}
        ) from error
    width = max(map(len, rows), default=0)
    check_size(name, rows=len(rows), columns=width)
    for row in rows:
        if len(row) < width:
            row.extend([""] * (width - len(row)))
    return rows
