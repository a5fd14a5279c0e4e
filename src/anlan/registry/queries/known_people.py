"""One person of the register, for rooms that keep something about them."""

from dataclasses import dataclass

from anlan.registry.models import Person


@dataclass(frozen=True)
class KnownPerson:
    """A person by name and home."""

    id: int
    uuid: str
    name: str
    division_code: str


class PersonOutOfSight(LookupError):
    """No person with this uuid lives or works in a division in sight."""


def access_person(uuid: str) -> KnownPerson:
    """Return a person in sight; raise PersonOutOfSight."""
    row = Person.objects.filter(uuid=uuid).first()
    if row is None:
        raise PersonOutOfSight(uuid)
    return KnownPerson(id=row.pk, uuid=str(row.uuid), name=row.name, division_code=row.division_id)
