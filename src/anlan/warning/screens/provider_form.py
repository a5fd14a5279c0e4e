"""The form of a provider: the fields that its kind needs, and what was typed into them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from anlan.kernel.paging import whole_number
from anlan.warning.channel_wording import (
    HAS_LOGIN,
    NO_ACCOUNT,
    NO_ADDRESS,
    RARE,
    SIGNING,
    account_label,
    address_label,
    choice_label,
    option_label,
    secret_label,
)
from anlan.warning.core.typed_channels import TypedProvider
from anlan.warning.gateways.checking import CHOICES, OPTIONS
from anlan.warning.models import ChannelProvider

USUAL: Final[Mapping[str, str]] = {"order": "1", "per_minute": "600", "timeout_s": "5"}
OPTION: Final = "option-"
LONGEST_TYPED: Final = 4_100
# Options in the order in which somebody fills them in.
_FIRST: Final = ("sign_name", "prompt", "from", "from_name", "from_colour", "repeat", "format")


@dataclass(frozen=True)
class Field:
    """One field as the page shows it."""

    name: str
    label: str
    value: str = ""
    example: str = ""
    note: str = ""
    kind: str = "text"
    is_needed: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = field(default=())


def typed_provider(request: HttpRequest, *, kind: str, county: str) -> TypedProvider:
    """Return what was typed; options left empty are left out."""
    data = request.POST
    options = {name: data.get(f"{OPTION}{name}", "").strip() for name in OPTIONS.get(kind, ())}
    return TypedProvider(
        county=county,
        kind=kind,
        name=data.get("name", "").strip(),
        address=data.get("address", "").strip(),
        account=data.get("account", "").strip(),
        secret=data.get("secret", "").strip(),
        options={name: value for name, value in options.items() if value},
        order=whole_number(data.get("order", ""), otherwise=0),
        per_minute=whole_number(data.get("per_minute", ""), otherwise=0),
        timeout_s=_seconds(data.get("timeout_s", "")),
    )


def _seconds(text: str) -> float:
    try:
        found = float(text.strip()[:10])
    except ValueError:
        return 0.0
    return found if 0 <= found <= 1e6 else 0.0  # nor anything that is no number


def values_of(provider: ChannelProvider) -> dict[str, str]:
    """Return a provider as its form shows it; never its secret."""
    options = {f"{OPTION}{name}": str(value) for name, value in provider.options.items()}
    return {
        "name": provider.name,
        "address": provider.address,
        "account": provider.account,
        "order": str(provider.order),
        "per_minute": str(provider.per_minute),
        "timeout_s": f"{provider.timeout_s:g}",
        **options,
    }


def fields_of(
    kind: str,
    values: Mapping[str, Any],
    *,
    faults: Sequence[tuple[str, str]] = (),
    keeps_secret: bool = False,
) -> tuple[list[Field], list[Field]]:
    """Return the fields of a kind, and those that few need; a secret is never filled in."""
    found = [
        Field("name", _("Name of the provider"), is_needed=True),
        *_account_fields(kind, keeps_secret=keeps_secret),
        *(_option(name) for name in _FIRST if name in OPTIONS[kind]),
        Field("order", _("Order among those of its kind"), kind="number", is_needed=True),
    ]
    rare = [
        Field("per_minute", _("Messages a minute at most"), kind="number", is_needed=True),
        Field("timeout_s", _("Time limit in seconds"), kind="decimal", is_needed=True),
        *(_option(name) for name in sorted(OPTIONS[kind] & RARE)),
    ]
    return _filled(found, values, faults), _filled(rare, values, faults)


def _account_fields(kind: str, *, keeps_secret: bool) -> list[Field]:
    fields = []
    if kind not in NO_ADDRESS:
        label, example = address_label(kind)
        fields.append(Field("address", label, example=example, is_needed=bool(example)))
    if kind not in NO_ACCOUNT:
        fields.append(Field("account", account_label(kind), is_needed=kind in SIGNING))
    note = _("Kept and never shown. Leave empty to keep it as it is.") if keeps_secret else ""
    is_needed = kind not in HAS_LOGIN and not keeps_secret
    fields.append(
        Field("secret", secret_label(kind), kind="password", note=note, is_needed=is_needed)
    )
    return fields


def _option(name: str) -> Field:
    values = CHOICES.get(name, ())
    choices = tuple((value, choice_label(value)) for value in values)
    is_needed = name in ("sign_name", "prompt", "from")
    return Field(f"{OPTION}{name}", option_label(name), is_needed=is_needed, choices=choices)


def _filled(
    fields: Sequence[Field], values: Mapping[str, Any], faults: Sequence[tuple[str, str]]
) -> list[Field]:
    return [
        Field(
            **{
                **vars(each),
                "value": "" if each.kind == "password" else str(values.get(each.name, "")),
                "faults": tuple(
                    told for name, told in faults if name == each.name.removeprefix(OPTION)
                ),
            }
        )
        for each in fields
    ]
