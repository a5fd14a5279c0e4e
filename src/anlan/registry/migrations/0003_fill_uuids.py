"""Give every record its own uuid, each known number its index, each account its division."""

import uuid

from django.db import migrations

from anlan.kernel.encryption import index_of

MODELS = (
    "duty",
    "foreststand",
    "organization",
    "person",
    "post",
    "postholding",
    "river",
    "team",
    "teammember",
)
BATCH = 500


def fill(apps, schema_editor):
    for name in MODELS:
        rows = apps.get_model("registry", name)._base_manager.order_by("pk")
        batch = []
        for row in rows.iterator(BATCH):
            row.uuid = uuid.uuid4()
            batch.append(row)
            if len(batch) == BATCH:
                rows.bulk_update(batch, ["uuid"])
                batch = []
        if batch:
            rows.bulk_update(batch, ["uuid"])
    for name in ("person", "household"):
        rows = apps.get_model("registry", name)._base_manager.exclude(phone="").order_by("pk")
        for row in rows.iterator(BATCH):
            rows.filter(pk=row.pk).update(phone_index=index_of(row.phone))
    authorities = apps.get_model("registry", "Authority")._base_manager.order_by("-valid_from", "-pk")
    accounts = apps.get_model("registry", "Account")._base_manager.filter(division=None)
    for account, division in authorities.values_list("account_id", "division_id"):
        accounts.filter(pk=account).update(division_id=division)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_whole_register'),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
