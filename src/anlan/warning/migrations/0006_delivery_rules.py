"""Hold every message to what 0005 has filled in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warning", "0005_delivery_places")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="division",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.division",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="not_before",
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("call", "call that must be answered"),
                    ("reask", "question what was done"),
                    ("household", "warning of a household"),
                    ("broadcast", "loudspeaker"),
                    ("note", "message"),
                    ("test", "communication test"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("summons__isnull", False)),
                fields=("summons", "turn"),
                name="delivery_once_a_turn",
            ),
        ),
    ]
