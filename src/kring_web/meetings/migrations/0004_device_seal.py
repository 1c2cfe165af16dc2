from django.db import migrations, models


class Migration(migrations.Migration):
    """A device's row says the newest format of sealed bodies that it reads."""

    dependencies = [
        ('meetings', '0003_openings'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Not by Django, which would copy every row: a column with a constant default is added in no time.
            database_operations=[
                migrations.RunSQL(
                    'ALTER TABLE room_device ADD COLUMN seal integer NOT NULL DEFAULT 1',
                    'ALTER TABLE room_device DROP COLUMN seal',
                    hints={'room': True},
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name='device',
                    name='seal',
                    field=models.IntegerField(db_default=1, default=1),
                ),
            ],
        ),
    ]
