"""Keys rotated by the command while another process writes: on a file, as in a county's office."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.db import connection

from anlan.registry.models import Person
from tests.cast import SLOPE, make_divisions

PEOPLE = 60

WRITER = """
import json, sys, django
from pathlib import Path
django.setup()
from anlan.kernel.scope import everywhere
from anlan.registry.models import Person
wrote = {}
stop = Path(sys.argv[1])
with everywhere("tests"):
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    print("ready", flush=True)
    number = 0
    while not stop.exists():
        pk, phone = people[number * 7 % len(people)], f"137{number:08d}"
        Person.objects.filter(pk=pk).update(phone=phone)
        wrote[pk] = phone
        if number % 50 == 0:
            new = Person.objects.create(division_id=sys.argv[2], name="new", phone=phone)
            wrote[new.pk] = phone
        number += 1
print(json.dumps(wrote), flush=True)
"""


@pytest.fixture
def house(transactional_db: None, everywhere: object, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a running house with its people and its first key."""
    (tmp_path / "encryption.key").write_text(Fernet.generate_key().decode())
    make_divisions()
    for number in range(PEOPLE):
        Person.objects.create(division_id=SLOPE, name=f"村民{number}")
    connection.ensure_connection()
    return {
        **os.environ,
        "ANLAN_HOME": str(tmp_path),
        "ANLAN_DATABASE_URL": database_url(tmp_path),
        "ANLAN_ENCRYPTION_KEYS": "",
        "ANLAN_SQLITE_SYNCHRONOUS": "OFF",
        "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
    }


def database_url(folder: Path) -> str:
    """Return the address of what the tests write; a database in memory is copied into a file."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "anlan.sqlite3")) as file:
            connection.connection.backup(file)
        return f"sqlite:///{folder / 'anlan.sqlite3'}"
    told = connection.settings_dict
    who = f"{quote(told['USER'])}:{quote(told['PASSWORD'] or '')}"
    return f"postgresql://{who}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"


def stored_phones(folder: Path) -> dict[int, str]:
    """Return the encrypted phones as they lie in the table."""
    query = "SELECT id, phone FROM registry_person WHERE phone <> ''"
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(folder / "anlan.sqlite3")) as file:
            return dict(file.execute(query).fetchall())
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


def rotate(house: dict[str, str], *options: str) -> str:
    command = [sys.executable, "-m", "anlan", "keys", "rotate", *options]
    done = subprocess.run(command, env=house, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_another_process_writes_meanwhile_and_nothing_is_lost(house, tmp_path):
    stop = tmp_path / "stop"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(stop), SLOPE],
        env=house,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "ready"
        assert "A new key is in use" in rotate(house)
    finally:
        stop.touch()
        told, _nothing = writer.communicate(timeout=60)
    assert writer.returncode == 0
    wrote = {int(pk): phone for pk, phone in json.loads(told).items()}
    assert len(wrote) > PEOPLE
    keys = (tmp_path / "encryption.key").read_text().split(",")
    assert len(keys) == 2
    os.utime(tmp_path / "encryption.key", (1_700_000_000, 1_700_000_000))
    assert "1 old keys retired" in rotate(house, "--retire")
    assert (tmp_path / "encryption.key").read_text() == keys[0]
    box = MultiFernet([Fernet(keys[0])])
    opened = {pk: box.decrypt(token).decode() for pk, token in stored_phones(tmp_path).items()}
    assert opened == wrote
