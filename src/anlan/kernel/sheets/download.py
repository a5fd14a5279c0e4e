"""A workbook as an answer that a browser saves."""

from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content: bytes, *, name: str) -> HttpResponse:
    """Return a workbook to save under a name."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
