"""Each model says what a row means and which of its fields hold personal data."""

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import models

from anlan.kernel.encryption import EncryptedTextField


def our_models() -> list[type[models.Model]]:
    """Return every model of this program that has a table."""
    return [model for model in apps.get_models() if model.__module__.startswith("anlan.")]


def personal_faults(
    name: str, *, declared: object, fields: Iterable[str], secret: Iterable[str]
) -> Iterator[str]:
    """Give what is wrong with a model's statement on personal data."""
    if not isinstance(declared, tuple) or not all(isinstance(each, str) for each in declared):
        yield f"{name} does not declare personal_data: ClassVar[tuple[str, ...]]"
        return
    for field in set(declared) - set(fields):
        yield f"{name}.personal_data names {field}, which is not a field"
    for field in set(secret) - set(declared):
        yield f"{name}.{field} is encrypted and not named in personal_data"


def faults_of(model: type[models.Model]) -> Iterator[str]:
    """Give what a model does not say, or says wrongly."""
    fields = model._meta.get_fields()
    yield from personal_faults(
        model._meta.label,
        declared=getattr(model, "personal_data", None),
        fields=[field.name for field in fields],
        secret=[field.name for field in fields if isinstance(field, EncryptedTextField)],
    )
    if (model.__doc__ or "").startswith(f"{model.__name__}("):
        yield f"{model._meta.label} does not say what a row means"


def test_every_model_says_what_is_personal() -> None:
    faults = [fault for model in our_models() for fault in faults_of(model)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("declared", [None, ["phone"], ("phone", "home"), ()])
def test_a_wrong_statement_is_seen(declared: object) -> None:
    assert list(personal_faults("X", declared=declared, fields=["id", "phone"], secret=["phone"]))


def test_a_right_statement_is_let_through() -> None:
    assert not list(
        personal_faults("X", declared=("phone",), fields=["id", "phone"], secret=["phone"])
    )
