from django.db import migrations, models


class Migration(migrations.Migration):
    """What was destroyed of late is found without a look at every meeting."""

    dependencies = [
        ('meetings', '0006_admission'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(condition=models.Q(('burned_at__isnull', False)), fields=['burned_at'], name='room_meeting_burned'),
        ),
    ]
