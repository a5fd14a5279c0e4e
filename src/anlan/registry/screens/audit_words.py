"""What the acts of the audit are called, and the facts beside them."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from anlan.registry.data import Office, Permission, Role

ACTS: Mapping[str, str | Promise] = {
    "account.logged_in": _("logged in"),
    "account.logged_out": _("logged out"),
    "account.log_in_failed": _("wrong password"),
    "account.locked": _("locked after wrong passwords"),
    "account.sessions_ended": _("ended all sessions"),
    "account.opened": _("account opened"),
    "account.closed": _("account closed"),
    "account.reopened": _("account opened again"),
    "account.tied": _("account tied to a person"),
    "password.changed": _("password changed"),
    "password.reset": _("password given by an administrator"),
    "second_factor.set": _("second factor set up"),
    "second_factor.reset": _("second factor taken off"),
    "second_factor.proved": _("second factor shown"),
    "second_factor.failed": _("wrong code of the second factor"),
    "second_factor.codes_renewed": _("recovery codes renewed"),
    "authority.granted": _("role given"),
    "authority.delegated": _("role handed on"),
    "authority.withdrawn": _("role ended"),
    "token.issued": _("key for a program made"),
    "token.revoked": _("key for a program revoked"),
    "personal.shown": _("personal number shown"),
    "keys.added": _("encryption key added"),
    "keys.rotated": _("encrypted anew"),
    "keys.retired": _("old encryption key retired"),
    "register_limit.set": _("limit of the register set"),
    "record.added": _("record added"),
    "record.changed": _("record changed"),
    "record.removed": _("record removed"),
    "sheet.imported": _("spreadsheet taken in"),
    "sheet.taken_back": _("import taken back"),
    "sheet.exported": _("table given out"),
    "register.restored": _("register restored"),
}
NAMES: Mapping[str, str | Promise] = {
    "role": _("role"),
    "office": _("office"),
    "until": _("until"),
    "from": _("from the machine"),
    "via": _("by means of"),
    "why": _("because"),
    "permissions": _("allowed to"),
    "days": _("days"),
    "values": _("values"),
    "field": _("field"),
    "table": _("table"),
    "rows": _("rows"),
}
WORDS: Mapping[str, str | Promise] = {
    "password": _("password"),
    "sign-on": _("single sign-on"),
    "app": _("code of the app"),
    "recovery code": _("recovery code"),
    "idle": _("nobody used the page"),
    "long": _("twelve hours are over"),
}


def sentence_of(act: str) -> str:
    """Return what an act is called; one without a name keeps its own."""
    return str(ACTS.get(act, act))


def facts_of(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the facts of an entry that people read, by name."""
    return [(str(NAMES[key]), _told(key, detail[key])) for key in NAMES if detail.get(key)]


def _told(key: str, value: Any) -> str:
    if key == "role" and value in Role.values:
        return str(Role(value).label)
    if key == "office" and value in Office.values:
        return str(Office(value).label)
    if key == "permissions" and isinstance(value, list):
        known = [Permission(each) for each in value if each in Permission.values]
        return "、".join(str(each.label) for each in known)
    if key == "until" and (at := parse_datetime(str(value))) is not None:
        return f"{localtime(at):%Y-%m-%d %H:%M}"
    return str(WORDS.get(str(value), value))
