"""`anlan decode …`: frames and messages of one's own, as one JSON object a line.

It needs no settings and no database; `anlan` starts it without Django.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, NoReturn

import typer

from anlan.monitoring.gateways.sl651.inspecting import inspected
from anlan.warning.gateways.cap.document import as_document
from anlan.warning.gateways.cap.errors import CapError
from anlan.warning.gateways.cap.frame import MAX_BYTES, decode

app = typer.Typer(
    help="Show frames and messages as JSON, one object a line; what is refused with its reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

MOST_TEXT: Final = 64 * 1024 * 1024
UNREADABLE: Final = 2
_NUMBER: Final = re.compile(r"#\s*([A-Z]\d{2,6})\b")


class UnreadableFile(Exception):
    """A file that cannot be opened, or is too large to be one of frames."""


def run(arguments: list[str]) -> None:
    """Run `anlan decode` with these arguments, and leave."""
    app(args=arguments, prog_name="anlan decode")


@app.command()
def sl651(
    file: Annotated[Path, typer.Argument(help="One frame in hex a line; # begins a comment.")],
) -> None:
    """Decode SL 651-2014 frames."""
    try:
        text = _content(file, most=MOST_TEXT).decode("utf-8-sig", errors="replace")
    except UnreadableFile as error:
        _leave(error)
    for number, line in _frames(text):
        _print({"n": number, **_frame(line)})


@app.command()
def cap(
    files: Annotated[list[Path], typer.Argument(help="CAP 1.2 messages, one a file.")],
) -> None:
    """Decode CAP 1.2 messages."""
    faults = []
    for file in files:
        try:
            _print(_message(_content(file, most=None)))
        except UnreadableFile as error:
            faults.append(error)
    if faults:
        _leave(*faults)


def _frames(text: str) -> Iterator[tuple[str, str]]:
    """Give each frame with its number: the one that the comment above names, else by order."""
    count, named = 0, ""
    for line in text.splitlines():
        words = line.strip()
        if words.startswith("#"):
            found = _NUMBER.match(words)
            named = found[1] if found else named
        elif words:
            count += 1
            yield named or f"S{count:02d}", words
            named = ""


def _frame(line: str) -> dict[str, Any]:
    try:
        data = bytes.fromhex(line)
    except ValueError:
        shown = line if len(line) <= 40 else f"{line[:40]}…"
        return {"error": "bad-hex", "detail": f"no bytes in hex: {shown}"}
    return inspected(data)


def _message(data: bytes) -> dict[str, Any]:
    try:
        return as_document(decode(data))
    except CapError as error:
        return {"error": error.reason, "detail": str(error)}


def _content(file: Path, *, most: int | None) -> bytes:
    """Return what stands in a file; of a message one byte more than any may have, at most."""
    try:
        with file.open("rb") as handle:
            content = handle.read((MAX_BYTES if most is None else most) + 1)
    except OSError as error:
        raise UnreadableFile(f"{file} cannot be read: {error.strerror or error}.") from None
    if most is not None and len(content) > most:
        raise UnreadableFile(f"{file} is larger than {most // 1024 // 1024} MiB; split it.")
    return content


def _print(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False).encode())


def _leave(*faults: UnreadableFile) -> NoReturn:
    for fault in faults:
        typer.echo(str(fault), err=True)
    raise typer.Exit(UNREADABLE)
