"""Give every message written so far its place and its turn."""

from itertools import groupby

from django.db import migrations

CHUNK = 1_000


def fill(apps, schema_editor):
    """Take the place from the summons; the turns are the order in which the messages were made."""
    delivery = apps.get_model("warning", "Delivery")
    keys = list(
        delivery.objects.filter(division__isnull=True)
        .order_by("summons_id", "queued_at", "pk")
        .values_list("summons_id", "pk", "summons__division_id", "queued_at")
    )
    rows = []
    for _summons, group in groupby(keys, key=lambda row: row[0]):
        for turn, (_key, pk, division, queued_at) in enumerate(group):
            rows.append(
                delivery(
                    pk=pk, division_id=division, turn=turn, not_before=queued_at, purpose="call"
                )
            )
    for first in range(0, len(rows), CHUNK):
        delivery.objects.bulk_update(
            rows[first : first + CHUNK], ["division", "turn", "not_before", "purpose"]
        )


class Migration(migrations.Migration):
    dependencies = [("warning", "0004_whole_warnings")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
