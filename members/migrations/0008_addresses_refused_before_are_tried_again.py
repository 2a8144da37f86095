"""Until now a wrong setting of the server could note everybody's address: each is tried once more, and noted if it is refused."""

from django.db import migrations


def try_again(apps, _schema_editor):
    noted = apps.get_model("members", "Member").objects.exclude(refused_email="")
    noted.update(refused_email="", refused_words="")


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_refusals_are_counted"),
    ]

    operations = [migrations.RunPython(try_again, migrations.RunPython.noop)]
