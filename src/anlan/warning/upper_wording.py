"""What went wrong with a source, a message or a signature of an upper level, in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.warning.data import UpperState
from anlan.warning.gateways.cap.signature import Flaw

_WIRE: Mapping[str, str | Promise] = {
    "no-host": gettext_lazy("No server has this name. Check the address."),
    "refused": gettext_lazy("The server takes no connection. It may be down; it is asked again."),
    "connection": gettext_lazy("The connection broke off. It is tried again."),
    "timeout": gettext_lazy("The server did not answer in time. It is asked again."),
    "tls": gettext_lazy("The server's own certificate is not valid. Tell whoever runs it."),
    "http-status": gettext_lazy("The server answered with an error. Check the address."),
    "redirect": gettext_lazy(
        "The server points to another host. Enter that address if it is the right one."
    ),
    "private-address": gettext_lazy(
        "The feed points to a machine of an inner network other than its own; it is not asked."
    ),
    "bad-address": gettext_lazy("The feed holds an address that is none."),
    "too-large": gettext_lazy("The answer is larger than any real one; it was not read."),
    "compressed": gettext_lazy("The server sends compressed answers although asked not to."),
    "not-a-feed": gettext_lazy("There is no Atom or RSS feed at this address."),
}
_FORM: Mapping[str, str | Promise] = {
    "external-entity": gettext_lazy("It points to files outside itself; that can do harm."),
    "declared-entity": gettext_lazy("It declares entities, which can grow without bound."),
    "doctype": gettext_lazy("It has a document type, which CAP does not allow."),
    "too-many-elements": gettext_lazy("It has more elements than any real message."),
    "too-deep": gettext_lazy("Its elements lie inside each other without end."),
    "not-xml": gettext_lazy("It is no XML, or came damaged."),
    "bad-encoding": gettext_lazy("Its characters are not in the encoding that it names."),
    "not-cap": gettext_lazy("It is no CAP 1.2 message."),
    "wrong-version": gettext_lazy("It is CAP of another version than 1.2."),
    "unknown-element": gettext_lazy("It has an element that the standard does not know there."),
    "wrong-order": gettext_lazy("Its elements stand in another order than the standard's."),
    "repeated-element": gettext_lazy("An element that may stand once stands twice."),
    "missing-element": gettext_lazy("A required element is missing or empty."),
    "not-allowed": gettext_lazy("A value is none of those that the standard lists."),
    "bad-time": gettext_lazy("A time is not written as 2026-07-01T08:00:00+08:00."),
    "bad-language": gettext_lazy("A language code is none."),
    "bad-number": gettext_lazy("A number is none."),
    "too-long": gettext_lazy("A name is longer than any real one."),
    "bad-identifier": gettext_lazy("The identifier or the sender holds spaces, commas, < or &."),
    "missing-references": gettext_lazy("It does not say which message it changes."),
    "bad-reference": gettext_lazy("A reference is not written as sender,identifier,sent."),
    "missing-restriction": gettext_lazy("It is restricted and does not say how."),
    "missing-addresses": gettext_lazy("It is private and does not say for whom."),
    "bad-polygon": gettext_lazy("An area is no closed ring of latitude and longitude."),
    "bad-circle": gettext_lazy("A circle is not written as latitude, longitude and radius."),
    "ceiling-without-altitude": gettext_lazy("It gives an upper height without a lower one."),
}
_FLAWS: Mapping[str, str | Promise] = {
    Flaw.UNKNOWN_SIGNER: gettext_lazy("The signer's certificate is not among the trusted ones."),
    Flaw.OUT_OF_TIME: gettext_lazy("The signer's certificate has run out, or is not yet valid."),
    Flaw.WEAK: gettext_lazy("The signature uses SHA-1, which can be forged today."),
    Flaw.NO_KEY: gettext_lazy("The signature says not by whom, and no trusted key fits."),
    Flaw.UNKNOWN_ALGORITHM: gettext_lazy("The signature uses a method that is not known here."),
    Flaw.NOT_WHOLE: gettext_lazy("The signature does not cover the whole message."),
    Flaw.SEVERAL: gettext_lazy("The message has more than one signature."),
    Flaw.CHANGED: gettext_lazy("The message was changed after it was signed."),
}
_TYPES: Mapping[str, str | Promise] = {
    "Alert": gettext_lazy("first warning"),
    "Update": gettext_lazy("update"),
    "Cancel": gettext_lazy("cancellation"),
    "Ack": gettext_lazy("confirmation of receipt"),
    "Error": gettext_lazy("rejection"),
}
_WORDS: Mapping[str, str | Promise] = {
    "Immediate": gettext_lazy("act at once"),
    "Expected": gettext_lazy("act within the hour"),
    "Future": gettext_lazy("act soon"),
    "Past": gettext_lazy("over"),
    "Extreme": gettext_lazy("extreme danger"),
    "Severe": gettext_lazy("severe danger"),
    "Moderate": gettext_lazy("moderate danger"),
    "Minor": gettext_lazy("little danger"),
    "Observed": gettext_lazy("observed"),
    "Likely": gettext_lazy("likely (more than half)"),
    "Possible": gettext_lazy("possible (half or less)"),
    "Unlikely": gettext_lazy("not expected"),
    "Unknown": gettext_lazy("unknown"),
    "Restricted": gettext_lazy("a limited circle"),
    "Private": gettext_lazy("named recipients"),
}


def fault_sentence(code: str, *, detail: str = "") -> str:
    """Return what is wrong with a source, nothing for no fault; a status stands behind."""
    if not code:
        return ""
    if code == "http-status":
        return f"{_WIRE[code]} ({detail})"
    if code in _WIRE:
        return str(_WIRE[code])
    return _("The feed cannot be read: %(why)s") % {"why": form_sentence(code)}


def form_sentence(code: str) -> str:
    """Return why a message cannot be read; a code without words is told as it is."""
    return str(_FORM.get(code, _WIRE.get(code, code)))


def flaw_sentence(code: str) -> str:
    """Return why a signature is not valid, nothing where it is."""
    return str(_FLAWS.get(code, ""))


def type_word(msg_type: str) -> str:
    """Return what a message does to others, in a word."""
    return str(_TYPES.get(msg_type, msg_type))


def cap_word(value: str) -> str:
    """Return a value of the standard in words; meanings by CAP 1.2, section 3.2.2."""
    return str(_WORDS.get(value, value))


def state_choices() -> list[tuple[str, str]]:
    """Return the states to choose from, the first one all."""
    return [(state.value, str(state.label)) for state in UpperState]
