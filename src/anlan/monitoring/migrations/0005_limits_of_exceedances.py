"""Exceedances carry the limit they stand over; packed batches are kept as they are."""

from django.db import migrations, models


def fill(apps, schema_editor):
    """Take over the limit of each exceedance's threshold."""
    exceedance = apps.get_model("monitoring", "Exceedance")
    threshold = apps.get_model("monitoring", "Threshold")
    value = threshold.objects.filter(pk=models.OuterRef("threshold_id")).values("value")
    exceedance.objects.update(
        limit=models.Subquery(value[:1]), observed_at=models.F("started_at")
    )


def keep_uncompressed(apps, schema_editor):
    """Tell PostgreSQL not to try to compress packed readings: it costs more than it saves."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE monitoring_readingbatch ALTER COLUMN content SET STORAGE EXTERNAL"
        )


class Migration(migrations.Migration):

    dependencies = [('monitoring', '0004_wires')]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(keep_uncompressed, migrations.RunPython.noop),
    ]
