import time

from django.db import migrations, models


def count_from_now(apps, schema_editor):
    """Nobody noted until now by which of them people met, so none of them may count as never used."""
    publications = apps.get_model("methods", "Publication").objects.using(schema_editor.connection.alias)
    publications.update(used_at=time.time_ns() // 1_000_000)


class Migration(migrations.Migration):

    dependencies = [
        ('methods', '0001_publications'),
    ]

    operations = [
        migrations.AddField(
            model_name='publication',
            name='used_at',
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunPython(count_from_now, migrations.RunPython.noop),
    ]
