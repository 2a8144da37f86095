"""What names a model or a kind in a row follows the new names."""

from django.db import migrations, models

MODELS = {"letter": "notification", "mark": "attendance record", "pulse": "heartbeat"}
KINDS = {"farewell": "calendar_cancelled"}


def rename_permissions(apps, schema_editor):
    """Rights are rows that name a model: an operator keeps what was granted."""
    for old, new in MODELS.items():
        _rename(apps, old, new)


def rename_permissions_back(apps, schema_editor):
    for old, new in MODELS.items():
        _rename(apps, new, old)


def _rename(apps, old, new):
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="schedule")
    for action in ("add", "change", "delete", "view"):
        granted = permissions.filter(codename=f"{action}_{old.replace(' ', '')}")
        granted.update(codename=f"{action}_{new.replace(' ', '')}", name=f"Can {action} {new}")


def rename_kinds(apps, schema_editor):
    for old, new in KINDS.items():
        apps.get_model("schedule", "Notification").objects.filter(kind=old).update(kind=new)


def rename_kinds_back(apps, schema_editor):
    for old, new in KINDS.items():
        apps.get_model("schedule", "Notification").objects.filter(kind=new).update(kind=old)


class Migration(migrations.Migration):

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("schedule", "0019_rename_letter_mark_and_pulse"),
    ]

    operations = [
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('choose', 'choose a paper'), ('share_soon', 'share your paper tomorrow'), ('share_today', 'share your paper today'), ('overdue', 'the paper is still missing'), ('overdue_organizer', 'a presenter may need help'), ('open_turn', 'a turn needs somebody'), ('papers_shared', 'the papers to read'), ('late_paper', 'one more paper to read'), ('session_tomorrow', 'we meet tomorrow'), ('moved', 'the session moved'), ('cancelled', 'the session is cancelled'), ('restored', 'the session takes place after all'), ('place', 'the place changed'), ('assigned', 'you present'), ('relieved', 'you no longer present'), ('published', 'dates and turns of the term'), ('minutes', 'the minutes of the session'), ('swap_asked', 'somebody offers a turn'), ('swap_accepted', 'turns were swapped'), ('swap_declined', 'a swap was declined'), ('swap_undone', 'a swap was undone'), ('calendar_cancelled', 'taken out of the calendar')], max_length=20),
        ),
        migrations.RunPython(rename_permissions, rename_permissions_back, elidable=True),
        migrations.RunPython(rename_kinds, rename_kinds_back, elidable=True),
    ]
