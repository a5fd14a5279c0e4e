"""The sentences for what is refused: each names the path or field, the value and the remedy."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anlan.monitoring.gateways.mqtt.refusals import MappingFault, PayloadRefused, Reason, Wrong

_PAYLOADS: Final[Mapping[Reason, str | Promise]] = {
    Reason.TOO_LONG: _("The payload has %(value)s bytes; at most 131,072 are read."),
    Reason.NOT_JSON: _("The payload is no JSON in UTF-8: “%(value)s”."),
    Reason.NO_SUCH_PATH: _("The path “%(path)s” leads nowhere: %(value)s."),
    Reason.NOT_A_LIST: _("At “%(path)s” stands no list of records but %(value)s."),
    Reason.TOO_MANY: _("At “%(path)s” stand more values than a payload may hold: %(value)s."),
    Reason.NOT_A_NUMBER: _("At “%(path)s” stands no number but “%(value)s”."),
    Reason.NOT_FINITE: _("At “%(path)s” stands a number beyond all bounds: “%(value)s”."),
    Reason.NOT_A_TIME: _("At “%(path)s” stands no time of the kind declared: “%(value)s”."),
    Reason.TIME_OUT_OF_RANGE: _(
        "At “%(path)s” stands a time before 2000 or after 2099: “%(value)s”."
    ),
    Reason.NO_TOPIC_PART: _("The topic “%(value)s” has no part number %(path)s."),
    Reason.BAD_ADDRESS: _(
        "At “%(path)s” stands no address of a station, 1 to 64 signs: “%(value)s”."
    ),
    Reason.NO_MODEL: _("No device model reads the topic “%(value)s”; declare one."),
    Reason.NOT_TAKEN: _("The program failed at this payload; its log says why."),
}
_MAPPINGS: Final[Mapping[Wrong, str | Promise]] = {
    Wrong.NOT_AN_OBJECT: _("“%(where)s” is no object with fields: “%(value)s”."),
    Wrong.UNKNOWN_FIELD: _("There is no field “%(where)s” in a mapping; leave it out."),
    Wrong.NO_ADDRESS: _("Say where the station's address stands: a part of the topic, or a path."),
    Wrong.BAD_PART: _("“%(where)s” is “%(value)s”; number the part of the topic from 1 to 30."),
    Wrong.BAD_PATH: _(
        "“%(where)s” is no path: “%(value)s”. Write keys and indexes with dots between them, "
        "such as data.0.rain."
    ),
    Wrong.BAD_TIME_KIND: _(
        "“%(where)s” is “%(value)s”; choose one of iso, epoch_s, epoch_ms, local."
    ),
    Wrong.BAD_TIME_FORM: _(
        "“%(where)s” is no form of date, hour and minute: “%(value)s”. Write one such as "
        "%%Y-%%m-%%d %%H:%%M:%%S."
    ),
    Wrong.NO_VALUES: _("Name at least one value: its path and its element."),
    Wrong.TOO_MANY_VALUES: _("A mapping may name 60 values, this one names %(value)s."),
    Wrong.BAD_ELEMENT: _(
        "“%(where)s” is no code of an element: “%(value)s”. Write one such as PN05 or Z: "
        "a letter, then letters and digits, at most 24."
    ),
    Wrong.ELEMENT_TWICE: _("The element “%(value)s” is named twice; name each once."),
    Wrong.BAD_NUMBER: _("“%(where)s” is no number: “%(value)s”."),
    Wrong.ZERO_SCALE: _("“%(where)s” is 0, which makes every value the same; leave it at 1."),
    Wrong.NOT_YES_OR_NO: _("“%(where)s” is “%(value)s”; write true or false."),
    Wrong.BAD_TOPIC: _(
        "The topic “%(value)s” is no filter of MQTT: + stands for one whole part, # only at the "
        "end for all others, 120 signs at most."
    ),
}


def payload_sentence(refused: PayloadRefused) -> str:
    """Return why a payload is refused, in the language in use."""
    words = {"path": refused.path or "$", "value": refused.value}
    return str(_PAYLOADS[refused.reason]) % words


def mapping_sentence(fault: MappingFault) -> str:
    """Return what is wrong with a field of a mapping, in the language in use."""
    return str(_MAPPINGS[fault.wrong]) % {"where": fault.where, "value": fault.value}
