"""Since when somebody pauses was not written down before: it counts from today."""

from django.db import migrations
from django.utils.timezone import now


def open_pauses(apps, schema_editor):
    Membership, Pause = apps.get_model("members", "Membership"), apps.get_model("members", "Pause")
    away = Membership.objects.exclude(state="active")
    Pause.objects.bulk_create(Pause(membership=one, began_at=max(now(), one.joined_at)) for one in away)


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0003_pauses_are_remembered"),
    ]

    operations = [migrations.RunPython(open_pauses, migrations.RunPython.noop)]
