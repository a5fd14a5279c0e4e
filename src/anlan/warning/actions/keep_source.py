import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, level_of
from anlan.registry.api import check_divisions
from anlan.warning.data import (
    SourceDraft,
)
from anlan.warning.gateways.cap.signature import BadCertificate, read_certificates
from anlan.warning.gateways.cap.transport import FetchFault, checked_address
from anlan.warning.models import FeedEntry, WarningSource
from anlan.warning.refusals import SourceOutOfSight, SourceRefused
from anlan.warning.tasks.polling import poll

LONGEST_NAME, LONGEST_ADDRESS = 80, 500
SHORTEST_S, LONGEST_S = 10, 24 * 3600


@transaction.atomic
def keep_source(
    draft: SourceDraft, *, source_uuid: str = "", version: int = 0, by: Actor, now: datetime
) -> str:
    """Add a source of upper-level warnings, or change one as it was seen, and return its uuid.

    It is asked at once, and looked through anew: messages that were not accepted for want of a
    trusted certificate are judged again. Raises SourceRefused with a sentence for a draft that
    cannot be kept, SourceOutOfSight for a source that is not there.
    """
    _check(draft)
    fields = {
        "name": draft.name.strip(),
        "address": draft.address.strip(),
        "trusted_certificates": draft.trusted_certificates.strip(),
        "requires_signature": draft.requires_signature,
        "every_seconds": draft.every_seconds,
    }
    token = secrets.token_hex(8)
    try:
        with transaction.atomic():
            if source_uuid:
                key = _change(source_uuid, fields, token=token, version=version, now=now)
            else:
                key = _add(draft.division_code, fields, token=token, now=now)
    except IntegrityError:
        raise SourceRefused(
            _("The county already has a source with this address. Change that one.")
        ) from None
    journal.record(
        "warning_source.changed" if source_uuid else "warning_source.added",
        by=by,
        now=now,
        subject=f"warning_source:{key}",
        division_code=draft.division_code,
        detail={
            "name": fields["name"],
            "address": fields["address"],
            "requires_signature": draft.requires_signature,
            "certificates": len(read_certificates(draft.trusted_certificates)),
            "every_seconds": draft.every_seconds,
        },
    )
    poll.enqueue(key, token)
    return key


def _add(division_code: str, fields: dict[str, object], *, token: str, now: datetime) -> str:
    row = WarningSource.objects.create(
        division_id=division_code, kept_at=now, due_at=now, poll_token=token, **fields
    )
    return str(row.uuid)


def _change(
    source_uuid: str, fields: dict[str, object], *, token: str, version: int, now: datetime
) -> str:
    open_one = WarningSource.objects.filter(uuid=source_uuid, ended_at__isnull=True)
    if not open_one.exists():
        raise SourceOutOfSight(source_uuid)
    done = open_one.filter(version=version).update(
        version=F("version") + 1,
        poll_token=token,
        due_at=now,
        etag="",
        last_modified="",
        failures=0,
        fault="",
        fault_detail="",
        **fields,
    )
    if done != 1:
        raise SourceRefused(
            _("Somebody has changed this source in between. Look at it again and repeat.")
        )
    FeedEntry.objects.filter(source__uuid=source_uuid).delete()
    return source_uuid


def _check(draft: SourceDraft) -> None:
    check_divisions([draft.division_code])
    if level_of(draft.division_code) != Level.COUNTY:
        raise SourceRefused(_("A source speaks to a county. Choose a county as the division."))
    if not 1 <= len(draft.name.strip()) <= LONGEST_NAME:
        raise SourceRefused(
            _("Name the source with 1 to %(most)s characters.") % {"most": LONGEST_NAME}
        )
    _check_address(draft.address.strip())
    if not SHORTEST_S <= draft.every_seconds <= LONGEST_S:
        raise SourceRefused(
            _("The interval must lie between %(least)s and %(most)s seconds.")
            % {"least": SHORTEST_S, "most": LONGEST_S}
        )
    _check_certificates(draft)


def _check_address(address: str) -> None:
    try:
        parts = checked_address(address)
    except FetchFault:
        parts = None
    if parts is None or len(address) > LONGEST_ADDRESS or any(c.isspace() for c in address):
        raise SourceRefused(
            _("“%(address)s” is no address of a feed. Write it as http://host/path.")
            % {"address": address[:80]}
        )
    if parts.username or parts.password:
        raise SourceRefused(
            _("The address holds a user name or a password. Leave them out; feeds are public.")
        )


def _check_certificates(draft: SourceDraft) -> None:
    try:
        found = read_certificates(draft.trusted_certificates)
    except BadCertificate as error:
        raise SourceRefused(
            _(
                "Certificate number %(number)s cannot be read. Paste whole certificates in PEM "
                "form, from BEGIN CERTIFICATE to END CERTIFICATE, 20 at most."
            )
            % {"number": error.number}
        ) from None
    if draft.requires_signature and not found:
        raise SourceRefused(
            _(
                "A source that must sign needs a trusted certificate, else nothing of it is "
                "accepted. Paste one, or do not ask for a signature."
            )
        )
