from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, level_of
from anlan.registry.api import check_divisions
from anlan.warning.channel_refusals import ProviderOutOfSight, ProviderRefused
from anlan.warning.core.typed_channels import TypedProvider
from anlan.warning.data import ChannelKind
from anlan.warning.gateways.checking import faults_by_field
from anlan.warning.gateways.provider import ProviderSettings
from anlan.warning.models import ChannelProvider

LONGEST = {"name": 60, "address": 250, "account": 80, "secret": 4_000}
LONGEST_OPTION = 500
LAST_ORDER, MOST_A_MINUTE = 99, 100_000


@transaction.atomic
def keep_provider(
    typed: TypedProvider, *, provider_uuid: str = "", version: int = 0, by: Actor, now: datetime
) -> str:
    """Add a provider to a county, or change one as it was seen, and return its uuid.

    An empty secret leaves the one that is kept. A provider that was changed is no longer left
    alone. Raises ProviderRefused with a sentence for each field that cannot be kept,
    ProviderOutOfSight for a provider that is not there.
    """
    before = _present(provider_uuid) if provider_uuid else None
    secret = typed.secret or (before.secret if before else "")
    faults = list(_faults(typed, secret=secret))
    if faults:
        raise ProviderRefused(faults)
    fields = {
        "name": typed.name.strip(),
        "address": typed.address.strip(),
        "account": typed.account.strip(),
        "secret": secret,
        "options": dict(typed.options),
        "order": typed.order,
        "per_minute": typed.per_minute,
        "timeout_s": typed.timeout_s,
    }
    try:
        with transaction.atomic():
            key = _change(before, fields, version=version) if before else _add(typed, fields)
    except IntegrityError:
        raise ProviderRefused(
            [("name", _("The county already has a provider of this name."))]
        ) from None
    journal.record(
        "provider.changed" if before else "provider.added",
        by=by,
        now=now,
        subject=f"provider:{key}",
        division_code=typed.county,
        detail={
            "name": fields["name"],
            "kind": typed.kind,
            "host": _host(typed.address),
            "options": sorted(typed.options),
            "order": typed.order,
            "secret_is_new": bool(typed.secret),
        },
    )
    return key


def _present(uuid: str) -> ChannelProvider:
    row: ChannelProvider | None = ChannelProvider.objects.filter(
        uuid=uuid, ended_at__isnull=True
    ).first()
    if row is None:
        raise ProviderOutOfSight(uuid)
    return row


def _add(typed: TypedProvider, fields: dict[str, Any]) -> str:
    key = uuid4()
    ChannelProvider.objects.create(uuid=key, division_id=typed.county, kind=typed.kind, **fields)
    return str(key)


def _change(before: ChannelProvider, fields: dict[str, Any], *, version: int) -> str:
    row = ChannelProvider.objects.filter(pk=before.pk, ended_at__isnull=True, version=version)
    done = row.update(version=F("version") + 1, failures=0, broken_until=None, **fields)
    if done != 1:
        raise ProviderRefused(
            [("", _("Somebody has changed this provider in between. Look at it again and repeat."))]
        )
    return str(before.uuid)


def _faults(typed: TypedProvider, *, secret: str) -> Iterator[tuple[str, str]]:
    check_divisions([typed.county])
    if level_of(typed.county) != Level.COUNTY:
        yield "county", _("A provider belongs to a county. Choose a county as the division.")
    if not typed.name.strip():
        yield "name", _("Name the provider.")
    for name, most in LONGEST.items():
        if len(getattr(typed, name).strip()) > most:
            yield name, _("Write %(most)s characters at most.") % {"most": most}
    for name, value in typed.options.items():
        if len(value) > LONGEST_OPTION:
            yield name, _("Write %(most)s characters at most.") % {"most": LONGEST_OPTION}
    if not 1 <= typed.order <= LAST_ORDER:
        yield "order", _("Give the order as a number from 1 to %(most)s.") % {"most": LAST_ORDER}
    if not 1 <= typed.per_minute <= MOST_A_MINUTE:
        yield (
            "per_minute",
            _("Give the messages a minute as a number from 1 to %(most)s.")
            % {"most": MOST_A_MINUTE},
        )
    if typed.kind == ChannelKind.APPRISE and typed.address.strip():
        yield "address", _("Leave this empty: the whole Apprise address goes into the secret.")
    yield from faults_by_field(
        typed.kind,
        ProviderSettings(
            name=typed.name.strip(),
            address=typed.address.strip(),
            account=typed.account.strip(),
            secret=secret,
            options=typed.options,
            timeout_s=typed.timeout_s,
        ),
    )


def _host(address: str) -> str:
    """Return the host alone: what follows it may hold what nobody else should read."""
    try:
        return urlsplit(address.strip()).hostname or ""
    except ValueError:
        return ""
