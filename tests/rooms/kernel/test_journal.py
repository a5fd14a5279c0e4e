"""The journal: written with what it tells, chained when sealed, and whoever touches it is found."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anlan.kernel import clock, journal, scope
from anlan.kernel.actors import Actor, the_program
from anlan.kernel.models import JournalEntry, JournalSeal
from tests.cast import SLOPE, UPPER

BY = Actor(label="王五", account_id=3, person_id=7)


def write(count, **columns):
    for number in range(count):
        journal.record(f"test.act{number}", by=BY, now=clock.now(), **columns)


def written_and_sealed(count, *, batch=None):
    """Write entries and seal them, all at once or so many at a time; return the head."""
    for first in range(0, count, batch or count):
        write(min(batch or count, count - first))
        journal.seal(now=clock.now())
    return journal.verify().head


def fault():
    found = journal.verify().fault
    return (found.kind, found.seq) if found else None


@pytest.fixture
def sealed(db, fixed_clock):
    return written_and_sealed(9, batch=3)


def test_an_entry_says_who_what_when_on_what_because_of_what(db, fixed_clock):
    journal.record(
        "warning.issued",
        by=BY,
        now=clock.now(),
        subject="warning:1",
        division_code=SLOPE,
        cause="exceedance:4",
        detail={"颜色": 3, "a": [1, None]},
    )
    row = JournalEntry.objects.get()
    assert (row.at, row.act, row.actor) == (clock.now(), "warning.issued", "王五")
    assert (row.account_id, row.person_id) == (3, 7)
    assert (row.subject, row.division_code, row.cause) == ("warning:1", SLOPE, "exceedance:4")
    assert json.loads(row.detail) == {"颜色": 3, "a": [1, None]}
    assert (row.seq, row.digest) == (None, "")


def test_nothing_to_write_writes_nothing(db, fixed_clock):
    journal.record_all([], by=BY, now=clock.now())
    assert not JournalEntry.objects.exists()


def test_an_entry_goes_with_its_transaction(db, fixed_clock):
    with transaction.atomic():
        write(1)
        assert JournalEntry.objects.exists()
        transaction.set_rollback(True)
    assert not JournalEntry.objects.exists()


def test_sealing_chains_all_open_entries_in_order(db, fixed_clock):
    write(5)
    assert journal.seal(now=clock.now()) == 5
    rows = list(JournalEntry.objects.order_by("seq"))
    assert [row.seq for row in rows] == [1, 2, 3, 4, 5]
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    head = journal.GENESIS
    for row in rows:
        assert row.digest == journal.digest_of(row, previous=head)
        head = row.digest
    assert JournalSeal.objects.get().head == head
    assert journal.seal(now=clock.now()) == 0


def test_a_second_seal_goes_on_where_the_first_ended(sealed):
    assert list(JournalSeal.objects.order_by("pk").values_list("first_seq", "last_seq")) == [
        (1, 3),
        (4, 6),
        (7, 9),
    ]
    found = journal.verify()
    assert (found.checked, found.unsealed, found.fault) == (9, 0, None)


def test_large_journals_are_sealed_in_runs(db, fixed_clock, monkeypatch):
    monkeypatch.setattr(journal, "SEAL_BATCH", 4)
    write(10)
    assert journal.seal(now=clock.now()) == 10
    assert JournalSeal.objects.count() == 3
    assert journal.verify().fault is None


def test_what_is_not_yet_sealed_is_counted(sealed):
    write(2)
    found = journal.verify()
    assert (found.checked, found.unsealed, found.fault) == (9, 2, None)


def test_an_empty_journal_holds(db):
    assert journal.verify() == journal.Verification(0, 0, journal.GENESIS, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "test.other"),
        ("actor", "李四"),
        ("account_id", 4),
        ("person_id", None),
        ("subject", "warning:2"),
        ("division_code", SLOPE),
        ("cause", "warning:2"),
        ("detail", '{"a":1}'),
        ("digest", "f" * 64),
    ],
)
def test_a_changed_entry_is_named(sealed, column, value):
    JournalEntry.objects.filter(seq=5).update(**{column: value})
    assert fault() == ("changed", 5)


def test_a_moved_moment_is_named(sealed, fixed_clock):
    JournalEntry.objects.filter(seq=5).update(at=clock.now() + timedelta(microseconds=1))
    assert fault() == ("changed", 5)


def test_the_first_of_several_changes_is_named(sealed):
    JournalEntry.objects.filter(seq__in=(8, 4, 6)).update(act="test.other")
    assert fault() == ("changed", 4)


@pytest.mark.parametrize("seq", [1, 5, 9])
def test_a_missing_entry_is_named(sealed, seq):
    JournalEntry.objects.filter(seq=seq).delete()
    assert fault() == ("missing", seq)


def test_an_entry_taken_out_with_the_numbers_closed_up_is_named(sealed):
    JournalEntry.objects.filter(seq=4).delete()
    for seq in range(5, 10):
        JournalEntry.objects.filter(seq=seq).update(seq=seq - 1)
    assert fault() == ("changed", 4)


def swap(low, high, *columns):
    rows = {row.seq: row for row in JournalEntry.objects.filter(seq__in=(low, high))}
    values = {seq: {name: getattr(row, name) for name in columns} for seq, row in rows.items()}
    for seq, other in ((low, high), (high, low)):
        JournalEntry.objects.filter(pk=rows[seq].pk).update(**values[other])


def test_two_entries_in_each_others_place_are_named(sealed):
    swap(3, 7, "act", "detail")
    assert fault() == ("changed", 3)


def test_two_entries_in_each_others_place_with_their_digests_are_named(sealed):
    swap(3, 7, "act", "detail", "digest")
    assert fault() == ("changed", 3)


def test_an_entry_put_in_between_is_named(sealed):
    for seq in range(9, 4, -1):
        JournalEntry.objects.filter(seq=seq).update(seq=seq + 1)
    write(1)
    before = JournalEntry.objects.get(seq=4)
    new = JournalEntry.objects.get(seq=None)
    new.seq = 5
    new.digest = journal.digest_of(new, previous=before.digest)
    new.save()
    assert fault() == ("changed", 6)


def test_an_entry_put_behind_the_last_seal_is_named(sealed):
    write(1)
    new = JournalEntry.objects.get(seq=None)
    new.seq = 10
    new.digest = journal.digest_of(new, previous=sealed)
    new.save()
    assert fault() == ("seal", 10)


def test_two_entries_cannot_have_one_number(sealed):
    write(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalEntry.objects.filter(seq=None).update(seq=5)


def test_a_cut_tail_is_found_by_a_head_noted_earlier(sealed):
    JournalEntry.objects.filter(seq__gt=6).delete()
    JournalSeal.objects.filter(last_seq__gt=6).delete()
    assert journal.verify().fault is None
    found = journal.verify(expected_head=sealed)
    assert found.fault == journal.Fault("missing", 7)


def test_a_head_noted_earlier_is_still_met_after_more_was_written(sealed):
    written_and_sealed(3)
    assert journal.verify(expected_head=sealed).fault is None


@pytest.mark.parametrize(
    ("seal", "changes", "seq"),
    [
        (1, {"head": "f" * 64}, 4),
        (1, {"first_seq": 5}, 4),
        (2, {"head": "f" * 64}, 7),
        (0, {"last_seq": 2}, 1),
    ],
)
def test_a_tampered_seal_is_named(sealed, seal, changes, seq):
    row = JournalSeal.objects.order_by("first_seq")[seal]
    JournalSeal.objects.filter(pk=row.pk).update(**changes)
    assert fault() == ("seal", seq)


def test_a_missing_seal_is_named(sealed):
    JournalSeal.objects.filter(first_seq=4).delete()
    assert fault() == ("seal", 4)


def test_a_missing_last_seal_is_named(sealed):
    JournalSeal.objects.filter(first_seq=7).delete()
    assert fault() == ("seal", 7)


def test_entries_are_read_in_sight_and_narrowed(db, fixed_clock):
    write(1, division_code=SLOPE, cause="warning:1")
    write(1, division_code=UPPER, cause="warning:2")
    write(1)
    with pytest.raises(scope.NoActiveScope):
        journal.entries()
    with scope.everywhere("test"):
        assert len(journal.entries()) == 3
        assert [row.cause for row in journal.entries(causes=["warning:2"])] == ["warning:2"]
        assert journal.entries(acts=["no.such"]) == []
    with scope.limited_to([SLOPE]):
        assert [row.cause for row in journal.entries()] == ["warning:1"]
    with scope.limited_to([]):
        assert journal.entries() == []


def test_what_the_program_does_is_written_under_its_rule(db, fixed_clock):
    journal.record("test.act", by=the_program("sweep"), now=clock.now())
    assert JournalEntry.objects.get().actor == "program:sweep"
