import hashlib
import uuid
from datetime import datetime, timedelta

from django.db import transaction

from anlan.kernel import journal
from anlan.kernel.actors import Actor
from anlan.warning.actions._ending import end_named, ender_of
from anlan.warning.actions._touched import places_touched
from anlan.warning.core.upper import ending_of, standing_of, storable, told_in
from anlan.warning.core.upper_reach import Touched
from anlan.warning.data import (
    ReceivedAlert,
    Refusal,
    SignatureVerdict,
    UpperState,
)
from anlan.warning.facts import upper_warning_received
from anlan.warning.gateways.cap.document import area_documents
from anlan.warning.gateways.cap.events import event_code_of
from anlan.warning.gateways.cap.frame import decode
from anlan.warning.gateways.cap.levels import level_of
from anlan.warning.gateways.cap.signature import check_signature, read_certificates
from anlan.warning.gateways.cap.values import Alert, Reference
from anlan.warning.models import UpperPlace, UpperReference, UpperWarning, WarningSource
from anlan.warning.refusals import SourceOutOfSight
from anlan.warning.tasks.running_out import run_out

# A warning that lasts longer is left to the sweep.
LONGEST_TIMER = timedelta(days=60)


def receive_alert(raw: bytes, *, source_uuid: str, by: Actor, now: datetime) -> ReceivedAlert:
    """Keep a CAP message of a source, with what it ends, and return how it stands.

    Receiving the same message again changes nothing. An Update or a Cancel ends the messages of
    the same sender that it names, whichever of them comes first; what a trusted sender signed
    ends only by a signed one. Exercises and tests are kept and never in force; a message without
    the signature that its source must give is kept as not accepted. The message is read and
    checked before the transaction begins. Raises CapError for bytes that are no valid message.
    """
    source = WarningSource.objects.filter(uuid=source_uuid).first()
    if source is None:
        raise SourceOutOfSight(source_uuid)
    alert = decode(raw)
    row = _row(alert, raw, source=source, now=now)
    touched = places_touched(alert, county=source.division_id)
    row.reach = touched.reach
    return _keep(row, alert.references, touched=touched, by=by, now=now)


def _row(alert: Alert, raw: bytes, *, source: WarningSource, now: datetime) -> UpperWarning:
    signature = check_signature(raw, trusted=read_certificates(source.trusted_certificates), at=now)
    verdict = SignatureVerdict(signature.verdict.value)
    standing = standing_of(
        alert, verdict=verdict, requires_signature=source.requires_signature, now=now
    )
    info = told_in(alert.infos)
    row = UpperWarning(
        uuid=uuid.uuid4(),
        division_id=source.division_id,
        source=source,
        identifier=alert.identifier,
        sender=alert.sender,
        sent_at=storable(alert.sent),
        status=alert.status.value,
        msg_type=alert.msg_type.value,
        audience=alert.scope.value,
        colour=level_of(alert.infos),
        lapses_at=standing.lapses_at,
        areas=area_documents(alert),
        raw=raw,
        digest=hashlib.sha256(raw).hexdigest(),
        verdict=verdict,
        signer=signature.signer[:250],
        flaw=signature.flaw.value,
        state=standing.state,
        refusal=standing.refusal or "",
        received_at=now,
        ended_at=standing.lapses_at if standing.state == UpperState.EXPIRED else None,
    )
    if info is not None:
        row.event, row.event_code = info.event, event_code_of(info.event_codes)[:60]
        row.urgency, row.severity = info.urgency.value, info.severity.value
        row.certainty, row.web = info.certainty.value, info.web
        row.effective_at, row.onset_at = _kept(info.effective), _kept(info.onset)
        row.expires_at = _kept(info.expires)
        row.sender_name, row.headline = info.sender_name, info.headline
        row.description, row.instruction = info.description, info.instruction
    return row


def _kept(moment: datetime | None) -> datetime | None:
    return None if moment is None else storable(moment)


@transaction.atomic
def _keep(
    row: UpperWarning,
    references: tuple[Reference, ...],
    *,
    touched: Touched,
    by: Actor,
    now: datetime,
) -> ReceivedAlert:
    # Two messages of one county are kept one after the other, so that each sees the other.
    county = WarningSource.objects.select_for_update().filter(division_id=row.division_id)
    list(county.order_by("pk").values_list("pk", flat=True))
    earlier = _earlier(row, by=by, now=now)
    if earlier is not None:
        return ReceivedAlert(str(earlier.uuid), UpperState(earlier.state), is_new=False)
    ender = ender_of(row) if row.state == UpperState.IN_FORCE else None
    if ender is not None:
        row.state = ending_of(ender.msg_type) or row.state
        row.ended_at, row.ended_by = now, ender
    row.save(force_insert=True)
    UpperReference.objects.bulk_create(
        UpperReference(
            warning=row, identifier=each.identifier, sender=each.sender, sent_at=each.sent
        )
        for each in dict.fromkeys(references)
    )
    UpperPlace.objects.bulk_create(
        UpperPlace(warning=row, division_id=code) for code in touched.codes
    )
    _tell(row, by=by, now=now)
    end_named(row, by=by, now=now)
    return ReceivedAlert(str(row.uuid), UpperState(row.state), is_new=True)


def _earlier(row: UpperWarning, *, by: Actor, now: datetime) -> UpperWarning | None:
    """Return the message that is already there under this number, or None.

    A message that a trusted sender signed takes the number from one that nobody vouches for.
    """
    same = UpperWarning.objects.filter(
        division_id=row.division_id,
        identifier=row.identifier,
        sender=row.sender,
        sent_at=row.sent_at,
    )
    if row.state == UpperState.REFUSED:
        kept: UpperWarning | None = same.filter(digest=row.digest).first()
        return kept
    standing: UpperWarning | None = same.exclude(state=UpperState.REFUSED).first()
    if standing is None or row.verdict != SignatureVerdict.VALID:
        return standing
    if standing.verdict == SignatureVerdict.VALID:
        return standing
    UpperWarning.objects.filter(pk=standing.pk).update(
        state=UpperState.REFUSED, refusal=Refusal.DISPLACED, ended_at=None, ended_by=None
    )
    _journal("upper_warning.displaced", standing, by=by, now=now)
    return None


def _tell(row: UpperWarning, *, by: Actor, now: datetime) -> None:
    _journal("upper_warning.received", row, by=by, now=now)
    if row.state == UpperState.IN_FORCE:
        if row.lapses_at - now <= LONGEST_TIMER:
            run_out.using(run_after=row.lapses_at).enqueue()
        upper_warning_received.send(sender=None, upper_uuid=str(row.uuid))


def _journal(act: str, row: UpperWarning, *, by: Actor, now: datetime) -> None:
    journal.record(
        act,
        by=by,
        now=now,
        subject=f"upper_warning:{row.uuid}",
        division_code=row.division_id,
        cause=f"warning_source:{row.source.uuid}",
        detail={
            "state": str(row.state),
            "type": row.msg_type,
            "colour": row.colour,
            "event": row.event_code,
            "verdict": str(row.verdict),
            "reach": str(row.reach),
        },
    )
