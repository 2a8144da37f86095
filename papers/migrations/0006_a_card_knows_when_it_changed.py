from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("papers", "0005_reading_list")]

    operations = [
        migrations.AddField(
            model_name="paper",
            name="changed_at",
            field=models.DateTimeField(
                auto_now=True, default=timezone.now, help_text="When what the card says last changed."
            ),
            preserve_default=False,
        ),
    ]
