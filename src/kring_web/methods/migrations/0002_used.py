from django.db import migrations, models


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
    ]
