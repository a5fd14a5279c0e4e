"""Check messages against the schema of CAP 1.2, compiled once.

The schema belongs to OASIS and is no part of this program: whoever checks brings it.
"""

from typing import Final

from lxml import etree

from .opening import MAX_BYTES, MAX_MARKS, parsed, safe_parser

_PARSER: Final = safe_parser(keeps_comments=False)


class SchemaCheck:
    """The schema, compiled; one serves as many messages as one likes."""

    def __init__(self, schema: bytes) -> None:
        """Compile a schema; raise ValueError where the bytes are none."""
        try:
            self._schema = etree.XMLSchema(etree.fromstring(schema, _PARSER))
        except etree.LxmlError as error:
            raise ValueError(str(error)) from None

    def faults_of(self, data: bytes) -> list[str]:
        """Return what the schema objects to in a message, in order; nothing where it is valid.

        Raises the CapError of bytes that are not even opened.
        """
        root = parsed(data, parser=_PARSER, max_bytes=MAX_BYTES, max_marks=MAX_MARKS)
        if self._schema.validate(root):
            return []
        return [f"{entry.message} (line {entry.line})" for entry in self._schema.error_log]
