"""Foreign keys of the house: named by string, protected, with no way back up."""

from typing import Any

from django.db import models


def reference(to: str, **options: Any) -> "models.ForeignKey[Any, Any]":
    """Return a foreign key to `app.Model`; the target grows no attribute pointing here."""
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


def detail_of(to: str, **options: Any) -> "models.OneToOneField[Any, Any]":
    """Return a one-to-one key to `app.Model`, protected and without a way back."""
    return models.OneToOneField(to, on_delete=models.PROTECT, related_name="+", **options)
