from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0005_feed'),
    ]

    operations = [
        migrations.AddField(
            model_name='opening',
            name='admission',
            field=models.BinaryField(null=True),
        ),
    ]
