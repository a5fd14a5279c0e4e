"""New keys while the program runs: nothing stays behind, nothing that others write is lost."""

import os
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from typer.testing import CliRunner

from anlan.cli.main import app
from anlan.kernel import clock, rotation
from anlan.kernel.actors import the_program
from anlan.kernel.encryption import decrypt_bytes, encrypt_bytes, keys_in_use, write_keys
from anlan.kernel.models import JournalEntry
from anlan.registry.data import ImportState
from anlan.registry.models import Account, Person, SecondFactor, SheetImport
from tests.cast import SLOPE, make_divisions

BY = the_program("tests")
PHONE = "13800001234"


@pytest.fixture
def key_file(settings, tmp_path):
    settings.ANLAN_ENCRYPTION_KEYS = []
    settings.ANLAN_ENCRYPTION_KEY_FILE = tmp_path / "encryption.key"
    write_keys((Fernet.generate_key().decode(),))
    return settings.ANLAN_ENCRYPTION_KEY_FILE


@pytest.fixture
def register(db, everywhere, key_file):
    """Write persons, a file and an app's secret under the first key."""
    make_divisions()
    for number in range(30):
        Person.objects.create(division_id=SLOPE, name=f"村民{number}", phone=phone_of(number))
    Person.objects.create(division_id=SLOPE, name="无号")
    SheetImport.objects.create(
        uuid=uuid4(),
        table="people",
        file_name="people.xlsx",
        file_digest="0" * 64,
        content=encrypt_bytes(b"a file of numbers"),
        by="tests",
        state=ImportState.DONE,
        created_at=clock.now(),
    )
    account = Account.objects.create_user("keeper", password="x" * 12)
    SecondFactor.objects.create(user=account, name="app")


def phone_of(number: int) -> str:
    return f"139{number:08d}"


def rotate() -> rotation.Rotation:
    rotation.add_key(by=BY, now=clock.now())
    return rotation.encrypt_anew(by=BY, now=clock.now())


def age(path, minutes: int) -> None:
    then = os.stat(path).st_mtime - 60 * minutes
    os.utime(path, (then, then))


def acts() -> list[str]:
    entries = JournalEntry.objects.filter(act__startswith="keys.").order_by("pk")
    return list(entries.values_list("act", flat=True))


def test_every_encrypted_column_is_known() -> None:
    known = {(column.model.__name__, column.name) for column in rotation.encrypted_columns()}
    assert {
        ("Person", "phone"),
        ("Person", "id_number"),
        ("Household", "phone"),
        ("SheetImport", "content"),
        ("SheetImport", "faults"),
        ("SecondFactor", "key"),
    } <= known


def test_everything_comes_under_the_new_key_and_the_old_one_leaves(register, key_file):
    old = keys_in_use()
    found = rotate()
    assert found.values == 30 + 1 + 1
    assert found.unreadable == 0
    new = keys_in_use()[0]
    assert keys_in_use() == (new, *old)
    age(key_file, minutes=11)
    assert rotation.retire_old_keys(by=BY, now=clock.now()) == 1
    assert keys_in_use() == (new,)
    people = Person.objects.exclude(name="无号").order_by("pk")
    assert [person.phone for person in people] == [phone_of(n) for n in range(30)]
    assert decrypt_bytes(SheetImport.objects.get().content or b"") == b"a file of numbers"
    assert len(SecondFactor.objects.get().key) == 40
    assert acts() == ["keys.added", "keys.rotated", "keys.retired"]
    assert PHONE[:3] not in "".join(JournalEntry.objects.values_list("detail", flat=True))


def test_a_rotation_that_was_stopped_goes_on_with_its_own_key(register):
    def stop(table: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    rotation.add_key(by=BY, now=clock.now())
    keys = keys_in_use()
    with pytest.raises(KeyboardInterrupt):
        rotation.encrypt_anew(by=BY, now=clock.now(), progress=stop)
    assert not rotation.add_key(by=BY, now=clock.now())
    assert keys_in_use() == keys
    rotation.encrypt_anew(by=BY, now=clock.now())
    assert not [
        row for column in rotation.encrypted_columns() for row in rotation._under_old_keys(column)
    ]
    assert rotation.encrypt_anew(by=BY, now=clock.now()).values == 0


def test_an_old_key_stays_while_a_value_needs_it(register, key_file):
    rotation.add_key(by=BY, now=clock.now())
    with pytest.raises(rotation.OldKeyNeeded, match="less than 10 minutes"):
        rotation.retire_old_keys(by=BY, now=clock.now())
    age(key_file, minutes=11)
    with pytest.raises(rotation.OldKeyNeeded, match="values still need an old key"):
        rotation.retire_old_keys(by=BY, now=clock.now())
    assert len(keys_in_use()) == 2


def test_what_no_key_opens_is_counted_and_left_alone(register):
    strange = Fernet(Fernet.generate_key()).encrypt(b"1").decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registry_person SET phone = %s WHERE name = '村民3'", [strange])
    found = rotate()
    assert found.unreadable == 1
    assert found.values == 29 + 1 + 1


def test_a_value_that_changed_in_between_is_not_overwritten(register):
    rotation.add_key(by=BY, now=clock.now())
    person = Person.objects.get(name="村民7")

    def write_between(table: str, done: int, total: int) -> None:
        if table == "registry.Person":
            Person.objects.filter(pk=person.pk).update(phone=PHONE)

    rotation.encrypt_anew(by=BY, now=clock.now(), progress=write_between)
    assert Person.objects.get(pk=person.pk).phone == PHONE


def test_keys_in_the_environment_are_changed_by_hand(register, settings):
    settings.ANLAN_ENCRYPTION_KEYS = list(keys_in_use())
    with pytest.raises(rotation.KeysFromEnvironment, match="anlan keys make"):
        rotation.add_key(by=BY, now=clock.now())
    settings.ANLAN_ENCRYPTION_KEYS = [
        Fernet.generate_key().decode(),
        *settings.ANLAN_ENCRYPTION_KEYS,
    ]
    assert rotate().values == 32
    with pytest.raises(rotation.OldKeyNeeded, match="Leave only the first one"):
        rotation.retire_old_keys(by=BY, now=clock.now())


def test_the_command_says_what_it_does(register, key_file):
    run = CliRunner()
    first = run.invoke(app, ["keys", "rotate"])
    assert first.exit_code == 0, first.output
    assert "32 values were encrypted anew" in first.output
    early = run.invoke(app, ["keys", "rotate", "--retire"])
    assert early.exit_code == 1
    assert "a little later" in " ".join(early.output.split())
    age(key_file, minutes=11)
    assert "1 old keys retired" in run.invoke(app, ["keys", "rotate", "--retire"]).output
    made = run.invoke(app, ["keys", "make"]).output.strip()
    assert Fernet(made).encrypt(b"x")
