"""The loudspeakers of villages; providers are tested, and changed as they were seen."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_list_indexes"),
        ("warning", "0006_delivery_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Loudspeaker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("device", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=60)),
                ("version", models.PositiveIntegerField(default=1)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="channelprovider",
            name="tested_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="channelprovider",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "broadcast"), ("warning__isnull", False)),
                fields=("warning", "reference_code"),
                name="delivery_broadcast_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "broadcast"), ("warning__isnull", True)),
                fields=("reference_code",),
                name="delivery_all_clear_once",
            ),
        ),
        migrations.AddField(
            model_name="loudspeaker",
            name="division",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.division",
            ),
        ),
        migrations.AddField(
            model_name="loudspeaker",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="warning.channelprovider",
            ),
        ),
        migrations.AddConstraint(
            model_name="loudspeaker",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("provider", "device"),
                name="loudspeaker_once",
            ),
        ),
    ]
