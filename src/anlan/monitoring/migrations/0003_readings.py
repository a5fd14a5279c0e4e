"""Readings by number of element, partitioned by month on PostgreSQL, without a key on the batch."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.db import migrations, models

from anlan.monitoring.gateways.sl651.elements import KINDS

MEASURES = [
    ('sum', 'sum over a window'), ('last', 'last value'), ('rise', 'rise within a window'),
    ('fall', 'fall within a window'), ('mean', 'mean over a window'),
    ('antecedent', 'effective antecedent rain'),
]
COLUMNS = """
    station_id bigint NOT NULL,
    element smallint NOT NULL,
    observed_at {moment} NOT NULL,
    value {number} NOT NULL,
    quality smallint NOT NULL,
    PRIMARY KEY (station_id, element, observed_at)
"""
QUALITIES = [
    (0, 'good'), (1, 'accepted by a person'), (2, 'came late'), (10, 'changed too fast'),
    (11, 'stands still'), (12, 'unlike its neighbours'), (20, 'outside the possible range'),
    (21, 'struck out by a person'),
]


def number_elements(apps, schema_editor):
    """Give the elements that came their numbers, in a table that is dropped at the end."""
    other = apps.get_model("monitoring", "OtherElement")
    numbers = {kind.name: number for number, kind in KINDS.items()}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT element FROM monitoring_reading")
        came = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT element FROM monitoring_latestreading")
        came |= {row[0] for row in cursor.fetchall()}
        for place, code in enumerate(sorted(came - numbers.keys())):
            numbers[code] = 1000 + place
            other.objects.create(id=1000 + place, code=code)
        cursor.execute("CREATE TABLE monitoring_numbers (code varchar(24), number smallint)")
        cursor.executemany(
            "INSERT INTO monitoring_numbers VALUES (%s, %s)",
            [(code, numbers[code]) for code in sorted(came)],
        )


def make_table(apps, schema_editor):
    """Put the new table of readings in the place of the old one, with every row."""
    is_postgres = schema_editor.connection.vendor == "postgresql"
    columns = COLUMNS.format(
        moment="timestamp with time zone" if is_postgres else "datetime",
        number="double precision" if is_postgres else "real",
    )
    tail = "PARTITION BY RANGE (observed_at)" if is_postgres else "WITHOUT ROWID"
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE monitoring_reading RENAME TO monitoring_reading_old")
        if is_postgres:
            cursor.execute(
                "ALTER TABLE monitoring_reading_old"
                " RENAME CONSTRAINT monitoring_reading_pkey TO monitoring_reading_old_pkey"
            )
        cursor.execute(f"CREATE TABLE monitoring_reading ({columns}) {tail}")
        if is_postgres:
            cursor.execute(
                "SELECT DISTINCT date_trunc('month', observed_at AT TIME ZONE 'UTC')"
                " FROM monitoring_reading_old"
            )
            for (month,) in cursor.fetchall():
                make_partition(cursor, month)
        cursor.execute(
            "INSERT INTO monitoring_reading"
            " SELECT r.station_id, n.number, r.observed_at, r.value, 0"
            " FROM monitoring_reading_old r JOIN monitoring_numbers n ON n.code = r.element"
        )
        cursor.execute("DROP TABLE monitoring_reading_old")
        cursor.execute("ALTER TABLE monitoring_latestreading RENAME TO monitoring_latest_old")
        if is_postgres:
            cursor.execute(
                "ALTER TABLE monitoring_latest_old"
                " RENAME CONSTRAINT monitoring_latestreading_pkey TO monitoring_latest_old_pkey"
            )


def make_partition(cursor, month):
    """Make the partition of a month in UTC."""
    following = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)
    cursor.execute(
        f"CREATE TABLE monitoring_reading_{month:%Y_%m} PARTITION OF monitoring_reading"
        f" FOR VALUES FROM ('{month:%Y-%m-01} 00:00+00') TO ('{following:%Y-%m-01} 00:00+00')"
    )


def keep_latest(apps, schema_editor):
    """Bring the last values over."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO monitoring_latestreading"
            " (station_id, element, observed_at, value, quality)"
            " SELECT r.station_id, n.number, r.observed_at, r.value, 0"
            " FROM monitoring_latest_old r JOIN monitoring_numbers n ON n.code = r.element"
        )
        cursor.execute("DROP TABLE monitoring_numbers")
        cursor.execute("DROP TABLE monitoring_latest_old")


def in_minutes(apps, schema_editor):
    """Give windows in minutes, and levels their own measure."""
    threshold = apps.get_model("monitoring", "Threshold")
    threshold.objects.filter(window_min=0).update(measure="last")
    threshold.objects.update(window_min=models.F("window_min") * 60)


class Migration(migrations.Migration):

    dependencies = [('monitoring', '0002_more_hazards')]

    operations = [
        migrations.CreateModel(
            name='OtherElement',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=24, unique=True)),
            ],
        ),
        migrations.RunPython(number_elements, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_table)],
            state_operations=[
                migrations.DeleteModel('Reading'),
                migrations.DeleteModel('LatestReading'),
                migrations.CreateModel(
                    name='Reading',
                    fields=[
                        ('pk', models.CompositePrimaryKey('station_id', 'element', 'observed_at', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('observed_at', models.DateTimeField()),
                        ('value', models.FloatField()),
                        ('quality', models.SmallIntegerField(choices=QUALITIES, default=0)),
                        ('element', models.SmallIntegerField()),
                        ('station', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='monitoring.station')),
                    ],
                    options={'abstract': False},
                ),
            ],
        ),
        migrations.CreateModel(
            name='LatestReading',
            fields=[
                ('pk', models.CompositePrimaryKey('station_id', 'element', blank=True, editable=False, primary_key=True, serialize=False)),
                ('observed_at', models.DateTimeField()),
                ('value', models.FloatField()),
                ('quality', models.SmallIntegerField(choices=QUALITIES, default=0)),
                ('element', models.SmallIntegerField()),
                ('station', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='monitoring.station')),
            ],
            options={'abstract': False},
        ),
        migrations.RunPython(keep_latest),
        migrations.RemoveConstraint('threshold', 'station_threshold_once'),
        migrations.RemoveConstraint('threshold', 'default_threshold_once'),
        migrations.RemoveConstraint('threshold', 'threshold_on_a_known_sum'),
        migrations.RenameField('threshold', 'window_h', 'window_min'),
        migrations.AlterField(
            model_name='threshold',
            name='window_min',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='threshold',
            name='measure',
            field=models.CharField(choices=MEASURES, default='sum', max_length=12),
        ),
        migrations.RunPython(in_minutes, migrations.RunPython.noop),
    ]
