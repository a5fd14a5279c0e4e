"""Personal numbers: unreadable in the database, readable under each key, masked on pages."""

import os
import stat
from time import perf_counter

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from anlan.kernel.encryption import (
    UnreadableSecret,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    keys_in_use,
    masked,
    write_keys,
)
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


def test_a_key_in_front_writes_and_the_old_one_still_reads(villager, settings):
    old = list(keys_in_use())
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


def test_whole_files_are_encrypted_too():
    content = bytes(range(256)) * 50
    token = encrypt_bytes(content)
    assert content not in token
    assert decrypt_bytes(token) == decrypt_bytes(memoryview(token)) == content


def test_a_key_added_to_the_file_is_in_use_at_once(settings, tmp_path):
    settings.ANLAN_ENCRYPTION_KEYS = []
    settings.ANLAN_ENCRYPTION_KEY_FILE = tmp_path / "encryption.key"
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    write_keys((first,))
    token = encrypt(PHONE)
    assert Fernet(first).decrypt(token).decode() == PHONE
    write_keys((second, first))
    assert Fernet(second).decrypt(encrypt(PHONE)).decode() == PHONE
    assert decrypt(token) == PHONE
    assert stat.S_IMODE(os.stat(tmp_path / "encryption.key").st_mode) == 0o600


def test_looking_at_the_key_file_costs_little(settings, tmp_path):
    settings.ANLAN_ENCRYPTION_KEY_FILE = tmp_path / "encryption.key"
    write_keys((Fernet.generate_key().decode(),))

    def seconds() -> float:
        began = perf_counter()
        for _ in range(300):
            encrypt(PHONE)
        return perf_counter() - began

    settings.ANLAN_ENCRYPTION_KEYS = list(keys_in_use())
    bare = min(seconds() for _ in range(5))
    settings.ANLAN_ENCRYPTION_KEYS = []
    assert min(seconds() for _ in range(5)) < 2 * bare


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
