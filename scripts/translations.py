"""Keep the Chinese catalogues of every room equal to the texts in its code.

    python scripts/translations.py check     list every text missing, empty, fuzzy or out of use
    python scripts/translations.py update    bring <room>/locale/zh_Hans/… up to the code
    python scripts/translations.py compile   write the .mo files that Django reads

Babel reads and writes the catalogues, so that no gettext needs to be on the machine.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ROOT / "src" / "anlan"
LOCALE = "zh_Hans"
SUFFIXES = {".py", ".html", ".txt"}
# What Django's own makemessages looks for.
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdifg]|%[sdifg](?!\w)|\{\w*(?:[!:][^{}]*)?\}")

Key = tuple[str, str | None]


@dataclass(frozen=True)
class Room:
    """A folder of the program with the texts that its code says."""

    folder: Path

    @property
    def catalogue(self) -> Path:
        """Return where the room's Chinese stands, whether or not it exists."""
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    def texts(self) -> Catalog:
        """Return every text of the room's code and templates, without translations."""
        found = Catalog(locale=LOCALE, fuzzy=False)
        for path in sorted(self.folder.rglob("*")):
            if path.suffix in SUFFIXES and is_translated(path):
                for text, context, comments in texts_in(path):
                    found.add(text, context=context, auto_comments=comments)
        return found

    def translations(self) -> Catalog:
        """Return the room's catalogue as it stands, empty when there is none."""
        if not self.catalogue.exists():
            return Catalog(locale=LOCALE, fuzzy=False)
        with self.catalogue.open("rb") as handle:
            return read_po(handle, locale=LOCALE, abort_invalid=True)


def is_translated(path: Path) -> bool:
    """Tell whether the texts of this file are shown to people."""
    parts = path.relative_to(ROOMS).parts
    if path.suffix == ".py":
        return "migrations" not in parts
    return "templates" in parts


def texts_in(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None, list[str]]]:
    """Give each text of one file with its context and the translators' comments."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What stands between the texts is no Python: its indentation would confuse the reader.
        lines = templatize(content, origin=str(path)).splitlines()
        content = "\n".join(line.lstrip() for line in lines)
    source = BytesIO(content.encode())
    found = extract("python", source, KEYWORDS, ("Translators:",), {"encoding": "utf-8"})
    for _, text, comments, context in found:
        if text:
            yield text, context, comments


def rooms() -> list[Room]:
    """Return every folder of the program that could hold texts."""
    folders = (path for path in sorted(ROOMS.glob("*")) if path.is_dir())
    return [Room(folder) for folder in folders if any(folder.glob("*.py"))]


def key(message: Message) -> Key:
    """Return what tells a message from every other: its text and its context."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text, message.context


def real(catalog: Catalog) -> dict[Key, Message]:
    """Return the messages of a catalogue by key, its header left out."""
    return {key(message): message for message in catalog if message.id}


# Checking


def check() -> int:
    """Print every fault of the catalogues; return 1 when there is one."""
    faults = [fault for room in rooms() for fault in faults_of(room)]
    faults += disagreements(rooms())
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"{len(faults)} faults: run make translations and translate.", file=sys.stderr)
    return 1 if faults else 0


def faults_of(room: Room) -> Iterator[str]:
    """Give one line for each text that a reader of Chinese would miss or nobody would see."""
    name = room.folder.name
    try:
        translated = real(room.translations())
    except PoFileError as error:
        yield f"{name}: the catalogue cannot be read: {error}"
        return
    used = real(room.texts())
    for unused in sorted(translated.keys() - used.keys(), key=str):
        yield f"{name}: {unused[0]!r} is translated and no longer used"
    for wanted, message in used.items():
        yield from (f"{name}: {fault}" for fault in fault_of(message, translated.get(wanted)))


def fault_of(message: Message, translation: Message | None) -> Iterator[str]:
    """Give what is wrong with the translation of one text."""
    text = key(message)[0]
    if translation is None:
        yield f"{text!r} is not in the catalogue"
    elif not all(said(translation)):
        yield f"{text!r} is not translated"
    elif translation.fuzzy:
        yield f"{text!r} is marked fuzzy"
    else:
        wanted = placeholders(message.id)
        for sentence in said(translation):
            if placeholders(sentence) != wanted:
                yield f"{text!r}: the placeholders of {sentence!r} differ"


def said(message: Message) -> tuple[str, ...]:
    """Return the translations of a message, one for each plural form."""
    if isinstance(message.string, str):
        return (message.string,)
    return tuple(message.string or ("",))


def placeholders(text: str | Iterable[str]) -> set[str]:
    """Return the places to be filled; of a plural, the places of its fullest form."""
    sentences = (text,) if isinstance(text, str) else tuple(text)
    return {place for sentence in sentences for place in PLACEHOLDER.findall(sentence)}


def disagreements(all_rooms: Iterable[Room]) -> Iterator[str]:
    """Give each text that two rooms translate differently: Django shows one of the two for both."""
    first: dict[Key, tuple[str, tuple[str, ...]]] = {}
    for room in all_rooms:
        for wanted, message in real(room.translations()).items():
            name, sentences = first.setdefault(wanted, (room.folder.name, said(message)))
            if sentences != said(message):
                yield (
                    f"{room.folder.name}: {wanted[0]!r} is {said(message)[0]!r} here and "
                    f"{sentences[0]!r} in {name}: agree, or give one a context"
                )


# Writing


def update() -> int:
    """Write each room's catalogue anew: every text in use, sorted, with the translation it had."""
    for room in rooms():
        texts, old = room.texts(), real(room.translations())
        if len(texts) == 0:
            room.catalogue.unlink(missing_ok=True)
            continue
        for wanted, message in real(texts).items():
            if wanted in old:
                message.string = old[wanted].string
                message.flags |= old[wanted].flags & {"fuzzy"}
        write_catalogue(room.catalogue, texts)
        print(f"{room.folder.name}: {len(texts)} texts, {untranslated(texts)} to translate")
    return 0


def untranslated(texts: Catalog) -> int:
    """Count the texts without a translation."""
    return sum(1 for message in real(texts).values() if not all(said(message)))


def write_catalogue(path: Path, texts: Catalog) -> None:
    """Write a catalogue without dates and line numbers, which would change with every run."""
    output = BytesIO()
    write_po(output, texts, width=96, no_location=True, omit_header=True, sort_output=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Language: zh_Hans\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(header + output.getvalue().decode().rstrip("\n") + "\n", encoding="utf-8")


def compile_all() -> int:
    """Write the .mo file beside each catalogue."""
    for room in rooms():
        if room.catalogue.exists():
            with room.catalogue.with_suffix(".mo").open("wb") as handle:
                write_mo(handle, room.translations())
    return 0


VERBS = {"check": check, "update": update, "compile": compile_all}


def main(arguments: list[str]) -> int:
    """Run the verb that was asked for."""
    if len(arguments) != 1 or arguments[0] not in VERBS:
        print(f"Say one of: {', '.join(VERBS)}.", file=sys.stderr)
        return 2
    # Django's template lexer reads a few settings; none of Anlan's own matter to it.
    settings.configure(USE_I18N=True)
    django.setup()
    return VERBS[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
