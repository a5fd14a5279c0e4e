"""Make texts safe to hand over: what a person wrote is shown as text and does nothing else."""

import re
from typing import Final

from anlan.warning.gateways.provider import Outgoing

_BREAKS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Control characters, marks that turn the direction of writing or hide, halves of characters.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_STOPS: Final = frozenset("。！？；：，、.!?;:,")


def plain_text(text: str) -> str:
    """Return a text of lines without any sign that is not seen."""
    lines = _UNSEEN.sub("", _BREAKS.sub("\n", text).replace("\t", " "))
    return lines.strip()


def one_line(text: str) -> str:
    """Return a text in one line, for a subject or a name."""
    return " ".join(plain_text(text).split())


def whole_text(message: Outgoing) -> str:
    """Return title and text of a message in lines, the title once."""
    title, text = one_line(message.title), plain_text(message.text)
    if not title or text.startswith(title):
        return text
    return f"{title}\n{text}" if text else title


def spoken_text(message: Outgoing) -> str:
    """Return title and text of a message as they are read aloud: each line is a sentence."""
    lines = [line.strip() for line in whole_text(message).split("\n")]
    return "".join(line if line[-1] in _STOPS else f"{line}。" for line in lines if line)


def link_of(message: Outgoing) -> str:
    """Return the one-tap address without anything that could end it early."""
    return "".join(plain_text(message.link).split())


def is_mobile(number: str) -> bool:
    """Tell whether a number is a mobile phone in China, as `phone_number` gives it."""
    return re.fullmatch(r"1[3-9]\d{9}", number, re.ASCII) is not None


def is_phone(number: str) -> bool:
    """Tell whether a number is a mobile or a landline with its area code."""
    return is_mobile(number) or re.fullmatch(r"0\d{9,11}", number, re.ASCII) is not None


def phone_number(text: str) -> str:
    """Return a phone number without blanks, hyphens and the country's code."""
    number = re.sub(r"[\s()-]", "", plain_text(text))
    return re.sub(r"^(?:\+|00)86", "", number)
