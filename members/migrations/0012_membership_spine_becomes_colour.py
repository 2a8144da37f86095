from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0011_what_could_not_be_done_is_remembered"),
    ]

    operations = [
        migrations.RenameField("membership", old_name="spine", new_name="colour"),
    ]
