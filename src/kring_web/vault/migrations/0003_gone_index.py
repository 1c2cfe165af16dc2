from django.db import migrations, models


class Migration(migrations.Migration):
    """What was destroyed of late is found without a look at every meeting."""

    dependencies = [
        ('vault', '0002_retention'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='retention',
            index=models.Index(condition=models.Q(('gone_at__isnull', False)), fields=['gone_at'], name='vault_retention_gone'),
        ),
    ]
