import anlan.kernel.encryption
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0005_list_indexes'),
        ('warning', '0003_upper_warnings'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelProvider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('sms', 'text message'), ('voice', 'voice call with key-press'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('email', 'e-mail'), ('loudspeaker_mqtt', 'loudspeaker by MQTT'), ('loudspeaker_http', 'loudspeaker by HTTP'), ('apprise', 'another service by Apprise'), ('inbox', 'own page'), ('by_hand', 'phone call by the duty officer')], max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('address', models.CharField(max_length=250)),
                ('account', models.CharField(blank=True, max_length=80)),
                ('secret', anlan.kernel.encryption.EncryptedTextField(blank=True)),
                ('options', models.JSONField(default=dict)),
                ('order', models.PositiveSmallIntegerField(default=1)),
                ('per_minute', models.PositiveIntegerField(default=600)),
                ('timeout_s', models.FloatField(default=5.0)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('broken_until', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('division', 'name'), name='provider_name_once'), models.CheckConstraint(condition=models.Q(('per_minute__gte', 1)), name='provider_takes_some')],
            },
        ),
        migrations.CreateModel(
            name='CommunicationTest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('started_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('division',), name='one_open_test'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('started_at'))), name='test_ends_later')],
            },
        ),
        migrations.CreateModel(
            name='IssueRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hazard', models.CharField(blank=True, choices=[('rainstorm', 'rainstorm'), ('flash_flood', 'mountain flood'), ('geohazard', 'geological hazard'), ('river_flood', 'river flood'), ('reservoir', 'reservoir danger'), ('forest_fire', 'forest fire'), ('earthquake', 'earthquake')], max_length=20)),
                ('colour', models.PositiveSmallIntegerField(choices=[(1, 'blue'), (2, 'yellow'), (3, 'orange'), (4, 'red')])),
                ('is_automatic', models.BooleanField()),
                ('roles', models.JSONField(default=list)),
                ('decide_minutes', models.PositiveSmallIntegerField(default=15)),
                ('valid_hours', models.PositiveSmallIntegerField(default=24)),
                ('source', models.CharField(max_length=120)),
                ('effective_from', models.DateField()),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'hazard', 'colour', 'effective_from'), name='issue_rule_once'), models.CheckConstraint(condition=models.Q(('decide_minutes__gte', 1), ('valid_hours__gte', 1)), name='issue_rule_waits')],
            },
        ),
        migrations.CreateModel(
            name='WarningText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hazard', models.CharField(blank=True, choices=[('rainstorm', 'rainstorm'), ('flash_flood', 'mountain flood'), ('geohazard', 'geological hazard'), ('river_flood', 'river flood'), ('reservoir', 'reservoir danger'), ('forest_fire', 'forest fire'), ('earthquake', 'earthquake')], max_length=20)),
                ('colour', models.PositiveSmallIntegerField(choices=[(1, 'blue'), (2, 'yellow'), (3, 'orange'), (4, 'red')], null=True)),
                ('audience', models.CharField(choices=[('answerable', 'persons answerable'), ('household', 'households at risk'), ('broadcast', 'loudspeakers'), ('desk', 'the duty desk')], max_length=12)),
                ('title', models.CharField(max_length=120)),
                ('text', models.TextField()),
                ('kept_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
            ],
            options={
                'indexes': [models.Index(fields=['division', 'audience', 'kept_at'], name='warning_text_idx')],
            },
        ),
        migrations.CreateModel(
            name='WarningDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(unique=True)),
                ('hazard', models.CharField(choices=[('rainstorm', 'rainstorm'), ('flash_flood', 'mountain flood'), ('geohazard', 'geological hazard'), ('river_flood', 'river flood'), ('reservoir', 'reservoir danger'), ('forest_fire', 'forest fire'), ('earthquake', 'earthquake')], max_length=20)),
                ('colour', models.PositiveSmallIntegerField(choices=[(1, 'blue'), (2, 'yellow'), (3, 'orange'), (4, 'red')])),
                ('origin', models.CharField(choices=[('rule', 'a rule of the county'), ('upper', 'a warning of an upper level'), ('person', 'an officer')], max_length=10)),
                ('state', models.CharField(choices=[('waiting', 'waits for a decision'), ('issued', 'issued'), ('discarded', 'discarded')], max_length=10)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField(blank=True)),
                ('instruction', models.TextField(blank=True)),
                ('event_code', models.CharField(blank=True, max_length=10)),
                ('areas', models.JSONField(default=list)),
                ('places', models.JSONField(default=list)),
                ('polygons', models.JSONField(default=list)),
                ('exceedances', models.JSONField(default=list)),
                ('follows', models.UUIDField(null=True)),
                ('onset_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField()),
                ('decide_by', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('family', models.UUIDField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
                ('upper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.upperwarning')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['division', 'decide_by'], name='draft_waiting_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='draft_decided_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(choices=[('received', 'received, acting'), ('moving', 'already moving people'), ('done', 'done'), ('cannot_reach', 'cannot reach the place'), ('need_help', 'need help')], max_length=12)),
                ('notified', models.PositiveIntegerField(null=True)),
                ('moved', models.PositiveIntegerField(null=True)),
                ('remark', models.CharField(blank=True, max_length=200)),
                ('via', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('summons', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.summons')),
            ],
            options={
                'indexes': [models.Index(fields=['summons', 'at'], name='answer_time_idx')],
            },
        ),
        migrations.CreateModel(
            name='HeardOnce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.channelprovider')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'nonce'), name='heard_once')],
            },
        ),
        migrations.CreateModel(
            name='PersonChannel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('sms', 'text message'), ('voice', 'voice call with key-press'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('email', 'e-mail'), ('loudspeaker_mqtt', 'loudspeaker by MQTT'), ('loudspeaker_http', 'loudspeaker by HTTP'), ('apprise', 'another service by Apprise'), ('inbox', 'own page'), ('by_hand', 'phone call by the duty officer')], max_length=20)),
                ('to', anlan.kernel.encryption.EncryptedTextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'order'), name='person_channel_once')],
            },
        ),
        migrations.CreateModel(
            name='TestCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting for an answer'), ('answered', 'answered'), ('silent', 'did not answer'), ('dead', 'number is dead')], max_length=12)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_via', models.CharField(blank=True, max_length=20)),
                ('reason', models.CharField(blank=True, max_length=80)),
                ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person')),
                ('test', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.communicationtest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('test', 'person'), name='test_call_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='test_answer_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='WarningVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('hit', 'it came'), ('false', 'false alarm'), ('averted', 'it came and harmed nobody')], max_length=10)),
                ('occurred_at', models.DateTimeField(null=True)),
                ('remark', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('warning', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.hazardwarning')),
            ],
            options={
                'indexes': [models.Index(fields=['warning', 'at'], name='verdict_time_idx')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='answerlimit',
            name='answer_limit_once',
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_once_a_rung',
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_open_idx',
        ),
        migrations.AddField(
            model_name='answerlimit',
            name='report_minutes',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='answerlimit',
            name='rung',
            field=models.CharField(blank=True, choices=[('person', 'the person'), ('retry', 'the person again, on another channel'), ('deputy', 'the deputy'), ('town', 'the town leader on duty'), ('county', 'the county duty officer')], max_length=10),
        ),
        migrations.AddField(
            model_name='delivery',
            name='division',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.division'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='duty',
            field=models.CharField(blank=True, choices=[('commander', 'commander of the headquarters'), ('county_duty', 'county duty officer'), ('duty_leader', 'county leader on duty'), ('town_guarantor', 'county leader who answers for a town'), ('town_leader', 'town leader on duty'), ('town_officer', 'town emergency officer'), ('village_guarantor', 'town cadre who answers for a village'), ('village_leader', 'village person in charge'), ('informant', 'disaster informant'), ('point_monitor', 'hazard point monitor'), ('household_carer', 'household carer'), ('reservoir_administrative', 'reservoir administrative person'), ('reservoir_technical', 'reservoir technical person'), ('reservoir_patrol', 'reservoir patrol person'), ('river_chief', 'river chief'), ('forest_chief', 'forest chief'), ('ranger', 'ranger'), ('checkpoint_guard', 'fire checkpoint guard'), ('station_staff', 'ranger station staff'), ('macro_observer', 'macro-anomaly observer'), ('shelter_keeper', 'shelter keeper'), ('warehouse_keeper', 'warehouse keeper'), ('safety_officer', 'safety person of a unit'), ('facility_keeper', 'facility keeper')], max_length=30),
        ),
        migrations.AddField(
            model_name='delivery',
            name='household',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.household'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='letter',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name='delivery',
            name='not_before',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='provider_reference',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('call', 'call that must be answered'), ('reask', 'question what was done'), ('household', 'warning of a household'), ('broadcast', 'loudspeaker'), ('note', 'message'), ('test', 'communication test')], default='call', max_length=10),
        ),
        migrations.AddField(
            model_name='delivery',
            name='receipt_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='reference_code',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='delivery',
            name='stale_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='text',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='title',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='delivery',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='delivery',
            name='turn',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='delivery',
            name='warning',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.hazardwarning'),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='event_code',
            field=models.CharField(blank=True, max_length=10),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='expires_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='family',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='follows',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.hazardwarning'),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='instruction',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='onset_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='origin',
            field=models.CharField(choices=[('rule', 'a rule of the county'), ('upper', 'a warning of an upper level'), ('person', 'an officer')], default='rule', max_length=10),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='polygons',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='sender_name',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='hazardwarning',
            name='upper',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.upperwarning'),
        ),
        migrations.AddField(
            model_name='summons',
            name='moved',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='summons',
            name='notified',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='summons',
            name='reasked',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='summons',
            name='report_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='summons',
            name='report_minutes',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='summons',
            name='reported_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='summons',
            name='word',
            field=models.CharField(blank=True, choices=[('received', 'received, acting'), ('moving', 'already moving people'), ('done', 'done'), ('cannot_reach', 'cannot reach the place'), ('need_help', 'need help')], max_length=12),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='attempt',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.person'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='rung',
            field=models.CharField(blank=True, choices=[('person', 'the person'), ('retry', 'the person again, on another channel'), ('deputy', 'the deputy'), ('town', 'the town leader on duty'), ('county', 'the county duty officer')], max_length=10),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('queued', 'waiting to leave'), ('sending', 'leaving'), ('accepted', 'accepted by the channel'), ('delivered', 'reached the phone'), ('refused', 'refused by every channel'), ('stale', 'not sent: no longer needed')], max_length=10),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='summons',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.summons'),
        ),
        migrations.AlterField(
            model_name='hazardwarning',
            name='state',
            field=models.CharField(choices=[('open', 'in force'), ('replaced', 'replaced by a higher one'), ('lifted', 'lifted'), ('expired', 'run out')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='hazardwarning',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('state', 'open')), fields=['expires_at'], name='warning_expiry_idx'),
        ),
        migrations.AddIndex(
            model_name='summons',
            index=models.Index(condition=models.Q(('report_due_at__isnull', False)), fields=['report_due_at'], name='summons_report_idx'),
        ),
        migrations.AddConstraint(
            model_name='answerlimit',
            constraint=models.UniqueConstraint(fields=('hazard', 'colour', 'rung', 'effective_from'), name='answer_limit_once'),
        ),
        migrations.AddConstraint(
            model_name='hazardwarning',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__isnull', True), ('expires_at__gt', models.F('issued_at')), _connector='OR'), name='warning_expires_later'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='provider',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.channelprovider'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='test_call',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='warning.testcall'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ('queued', 'sending'))), fields=['not_before'], name='delivery_open_idx'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('letter', ''), _negated=True), fields=['letter'], name='delivery_letter_idx'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['person', 'sent_at'], name='delivery_person_idx'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('provider__isnull', False)), fields=['provider', 'sent_at'], name='delivery_rate_idx'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('person__isnull', False), ('household__isnull', False), ('purpose', 'broadcast'), _connector='OR'), name='delivery_to_somebody'),
        ),
    ]
