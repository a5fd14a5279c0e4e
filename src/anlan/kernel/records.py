"""Records that people keep: known to other systems by a uuid, changed one version at a time."""

import uuid

from django.db import models

from anlan.kernel.scope import ScopedModel


class RecordModel(ScopedModel):
    """A row that pages, sheets and other systems change.

    `version` counts the changes: whoever changes a row names the version they saw, so that two
    people at the same form do not overwrite each other.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
