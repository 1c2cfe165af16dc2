"""Publications belong to the methods now. Their table stays as the workbench's first migration made it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workbench', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Publication',
                    fields=[
                        ('pk', models.CompositePrimaryKey('id', 'version', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('id', models.TextField()),
                        ('version', models.IntegerField()),
                        ('text', models.TextField()),
                        ('method', models.BinaryField()),
                        ('key_hash', models.BinaryField()),
                        ('published_at', models.BigIntegerField()),
                    ],
                    options={
                        'db_table': 'method_publication',
                        'indexes': [models.Index(fields=['published_at'], name='method_published')],
                    },
                ),
            ],
        ),
    ]
