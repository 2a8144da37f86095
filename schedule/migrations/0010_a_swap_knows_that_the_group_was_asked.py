from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schedule", "0009_what_is_kept_of_a_meeting")]

    operations = [
        migrations.AddField("swap", "to_group", models.BooleanField(default=False)),
    ]
