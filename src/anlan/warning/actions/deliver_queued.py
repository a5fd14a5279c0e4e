from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from anlan.kernel.actors import Actor
from anlan.kernel.codes import Level, ancestor_of
from anlan.registry.api import household_numbers, numbers_of
from anlan.warning.actions._carrying import carry
from anlan.warning.actions._casting import Casts, casts_of
from anlan.warning.actions._claiming import MOST_AT_ONCE, Letter, Waiting, claim, give_back_lost
from anlan.warning.actions._concluding import conclude
from anlan.warning.core.links import token_for
from anlan.warning.data import Message, Purpose, Receipt
from anlan.warning.queries.ways import BY_PHONE, Ways, ways_to

ASKS = frozenset({Purpose.CALL.value, Purpose.REASK.value, Purpose.TEST.value})
FIRST = 100  # the first letters leave before the rest is looked at


def deliver_queued(*, by: Actor, now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Hand what waits to its channels and return how many messages went.

    Messages are claimed and committed before anything leaves, so two workers never send the same
    one, and none is lost: a claim that is never concluded is taken up again after the quiet time.
    """
    give_back_lost(now=now)
    handed = 0
    share = min(FIRST, most)
    while (letters := claim(now=now, most=share)) is not None:
        _send(letters, by=by, now=now)
        handed += sum(len(letter.messages) for letter in letters)
        share = most
    return handed


def _send(letters: Sequence[Letter], *, by: Actor, now: datetime) -> None:
    heads = [letter.messages[0] for letter in letters]
    ways = ways_to(
        (row.person_id for row in heads if row.person_id is not None),
        divisions={row.division for row in heads},
    )
    numbers = _numbers(heads)
    casts = casts_of(heads)
    groups: dict[tuple[str, str, int | None], list[Letter]] = defaultdict(list)
    for letter in letters:
        head = letter.messages[0]
        county = ancestor_of(head.division, level=Level.COUNTY)
        groups[county, head.channel, casts.provider_of(head)].append(letter)
    for (county, kind, only), group in groups.items():
        messages = [_message(each, ways=ways, numbers=numbers, casts=casts) for each in group]
        receipts: Sequence[Receipt] = carry(
            messages, kind=kind, county=county, only=only, by=by, now=now
        )
        conclude(zip(group, receipts, strict=True), ways=ways, by=by, now=now)


def _numbers(heads: Sequence[Waiting]) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the phone numbers of whom these messages go to, where their channel needs one."""
    by_phone = [row for row in heads if row.channel in BY_PHONE]
    persons = numbers_of(row.person_id for row in by_phone if row.person_id is not None)
    homes = household_numbers(row.household_id for row in by_phone if row.household_id is not None)
    return {("person", key): found for key, found in persons.items()} | {
        ("household", key): (number,) for key, number in homes.items()
    }


def _message(
    letter: Letter,
    *,
    ways: Ways,
    numbers: Mapping[tuple[str, int], tuple[str, ...]],
    casts: Casts,
) -> Message:
    head = letter.messages[0]
    is_cast = head.purpose == Purpose.BROADCAST
    return Message(
        reference=_reference(head),
        person_id=head.person_id,
        duty=head.duty,
        division_code=head.division,
        title=head.title or head.headline or "",
        text=_text(letter.messages),
        also=tuple((_reference(row), row.division) for row in letter.messages[1:]),
        purpose=Purpose(head.purpose),
        key=f"{letter.name}-{head.tries + 1}",
        to=casts.device_of(head) if is_cast else _address(head, ways=ways, numbers=numbers),
        link=_link_to(letter.name) if head.purpose in ASKS else "",
        cap=casts.cap_of(head) if is_cast else b"",
    )


def _address(
    row: Waiting, *, ways: Ways, numbers: Mapping[tuple[str, int], tuple[str, ...]]
) -> str:
    """Return where a message goes: a person's own address, else a number, each try the next."""
    own = ways.address(row.person_id, channel=row.channel)
    if own:
        return own
    key = ("household", row.household_id or 0) if row.household_id else ("person", row.person_id)
    known = numbers.get((key[0], key[1] or 0), ())
    return known[row.tries % len(known)] if known else ""


def _reference(row: Waiting) -> str:
    return f"summons:{row.summons_uuid}" if row.summons_id is not None else row.reference


def _text(rows: Sequence[Waiting]) -> str:
    """Return the words of a letter; several warnings are told one after the other, each once."""
    told = dict.fromkeys(
        (row.title or row.headline or "", row.text or row.warning_text or "") for row in rows
    )
    texts = dict.fromkeys(text for _title, text in told)
    if len(texts) == 1 or len({title for title, _text in told}) == 1:
        return "\n".join(texts)
    return "\n\n".join(f"{title}\n{text}" for title, text in told)


def _link_to(letter: str) -> str:
    """Return the one-tap address of a letter, empty while the county's own address is not set."""
    if not settings.ANLAN_ADDRESS:
        return ""
    token = token_for(letter, key=settings.SECRET_KEY)
    return f"{settings.ANLAN_ADDRESS}{reverse('one_tap', args=[token])}"
