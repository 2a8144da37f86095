from django.db import migrations

from members.second_step import encrypted


def encrypt(apps, schema_editor):
    for row in apps.get_model('mfa', 'Authenticator').objects.iterator():
        if (data := encrypted(row.data)) != row.data:
            row.data = data
            row.save(update_fields=['data'])


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0013_sent_forms'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop, elidable=True)]
