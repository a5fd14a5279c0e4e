"""Who may connect, who is cut, and how much of their damage is kept."""

import pytest

from anlan.monitoring.gateways.tcp.limits import Limits
from anlan.monitoring.gateways.tcp.peers import Manners, PeerBook, peer_of

LIMITS = Limits(most_links=3, most_links_per_peer=2, kept_faults_an_hour=2, most_peers=3)


def test_damage_in_a_row_is_abuse_and_something_sound_ends_the_row():
    manners = Manners()
    for _ in range(3):
        manners.note_damaged(LIMITS.faults_in_row - 1)
        assert not manners.is_abusive(Limits(faults_at_least=1_000))
        manners.note_sound(1)
    manners.note_damaged(LIMITS.faults_in_row)
    assert manners.is_abusive(LIMITS)


def test_more_damage_than_sense_is_abuse_once_there_is_enough_of_it():
    manners = Manners()
    for _ in range(10):
        manners.note_sound(1)
        manners.note_damaged(1)
    assert not manners.is_abusive(LIMITS)
    for _ in range(10):
        manners.note_sound(1)
        manners.note_damaged(2)
    assert manners.is_abusive(LIMITS)


def test_links_are_counted_for_each_address_and_in_all():
    book = PeerBook(LIMITS)
    book.opened("a")
    book.opened("a")
    assert book.refusal("a", at=0) == "too many links of one address"
    assert book.refusal("b", at=0) is None
    book.opened("b")
    assert book.refusal("c", at=0) == "too many links"
    book.closed("a")
    assert book.refusal("a", at=0) is None


def test_an_address_is_refused_for_a_while_unless_good_stations_share_it():
    book = PeerBook(LIMITS)
    assert book.cut("bad", at=0)
    assert book.refusal("bad", at=1) == "refused after abuse"
    assert book.refusal("bad", at=LIMITS.refused_s) is None
    book.note_sound("carrier", at=0)
    assert not book.cut("carrier", at=60)
    assert book.refusal("carrier", at=61) is None
    assert book.cut("carrier", at=3_600)


def test_damage_is_kept_so_many_times_an_hour():
    book = PeerBook(LIMITS)
    assert [book.may_keep_fault("a", at=0) for _ in range(4)] == [True, True, False, False]
    assert book.may_keep_fault("b", at=0)
    assert book.may_keep_fault("a", at=3_600)


def test_damage_of_many_addresses_is_kept_so_many_times_in_all():
    book = PeerBook(Limits(kept_faults_in_all=5))
    assert sum(book.may_keep_fault(f"{number}", at=0) for number in range(50)) == 5


@pytest.mark.parametrize(
    ("host", "peer"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("local", "local"),
        ("x" * 99, "x" * 60),
    ],
)
def test_a_network_of_many_addresses_is_one_peer(host, peer):
    assert peer_of(host) == peer


def test_addresses_without_end_are_forgotten_but_not_those_with_links():
    book = PeerBook(LIMITS)
    book.opened("here")
    for number in range(1_000):
        book.cut(f"{number}", at=0)
    assert len(book._peers) <= LIMITS.most_peers + 1
    assert book.refusal("999", at=1) == "refused after abuse"
    book.closed("here")
    assert book.links == 0
