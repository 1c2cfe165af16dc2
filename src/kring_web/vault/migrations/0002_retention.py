from django.db import migrations, models


class Migration(migrations.Migration):
    """Content gets a retention class, and classes beside the cases keys of their own."""

    dependencies = [
        ('vault', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Not by Django, which would copy every body: a column with a constant default is added in no time.
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE vault_body ADD COLUMN retention text NOT NULL DEFAULT 'case'",
                    "ALTER TABLE vault_body DROP COLUMN retention",
                    hints={'room': True},
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name='body',
                    name='retention',
                    field=models.TextField(db_default='case', default='case'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('number', models.AutoField(primary_key=True, serialize=False)),
                ('meeting', models.TextField()),
                ('retention', models.TextField()),
                ('key', models.BinaryField()),
                ('expires_at', models.BigIntegerField(null=True)),
                ('gone_at', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'vault_retention',
                'indexes': [models.Index(condition=models.Q(('gone_at__isnull', True)), fields=['expires_at'], name='vault_retention_expires')],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'retention'), name='vault_retention_class')],
            },
        ),
    ]
