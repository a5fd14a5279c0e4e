"""Personal numbers: unreadable in the database, readable under each key, masked on pages."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from anlan.kernel.encryption import UnreadableSecret, decrypt, encrypt, masked
from anlan.registry.models import Person
from tests.cast import SLOPE, make_divisions

PHONE = "13800001234"


def stored(pk):
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM registry_person WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@pytest.fixture
def villager(db, everywhere):
    make_divisions()
    return Person.objects.create(division_id=SLOPE, name="王五", phone=PHONE)


def test_the_database_holds_only_the_ciphertext(villager):
    assert PHONE not in stored(villager.pk)
    assert decrypt(stored(villager.pk)) == PHONE
    assert Person.objects.get(pk=villager.pk).phone == PHONE


def test_the_same_number_is_never_stored_the_same(villager):
    other = Person.objects.create(division_id=SLOPE, name="李四", phone=PHONE)
    assert stored(other.pk) != stored(villager.pk)


def test_no_number_stays_empty(db, everywhere):
    make_divisions()
    nobody = Person.objects.create(division_id=SLOPE, name="无名")
    assert stored(nobody.pk) == ""
    assert Person.objects.get(pk=nobody.pk).phone == ""


def test_keys_are_rotated(villager, settings):
    old = settings.ANLAN_ENCRYPTION_KEYS
    new = Fernet.generate_key().decode()
    settings.ANLAN_ENCRYPTION_KEYS = [new, *old]
    person = Person.objects.get(pk=villager.pk)
    assert person.phone == PHONE
    person.save()
    settings.ANLAN_ENCRYPTION_KEYS = [new]
    assert Person.objects.get(pk=villager.pk).phone == PHONE
    settings.ANLAN_ENCRYPTION_KEYS = old
    with pytest.raises(UnreadableSecret, match="ANLAN_ENCRYPTION_KEYS"):
        Person.objects.get(pk=villager.pk)


def test_a_damaged_ciphertext_is_refused():
    token = encrypt(PHONE)
    with pytest.raises(UnreadableSecret):
        decrypt(token[:-4] + "AAAA")


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (PHONE, "138****1234"),
        ("0916551234", "091***1234"),
        ("6551234", "6****34"),
        ("12345", "1**45"),
        ("1234", "****"),
        ("", ""),
    ],
)
def test_pages_show_a_number_masked(number, shown):
    assert masked(number) == shown
