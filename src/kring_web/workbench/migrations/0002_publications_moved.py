"""Publications belong to the methods now; the table stays where it is."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('workbench', '0001_initial'),
        ('methods', '0001_publications'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name='Publication')]),
    ]
