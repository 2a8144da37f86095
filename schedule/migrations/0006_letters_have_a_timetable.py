import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_a_person_chooses_letters_and_an_address_may_be_refused"),
        ("schedule", "0005_a_change_can_be_taken_back"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("choose", "choose a paper"),
                    ("share_soon", "share your paper tomorrow"),
                    ("share_today", "share your paper today"),
                    ("overdue", "the paper is still missing"),
                    ("overdue_organizer", "a presenter may need help"),
                    ("papers_shared", "the papers to read"),
                    ("late_paper", "one more paper to read"),
                    ("session_tomorrow", "we meet tomorrow"),
                    ("moved", "the session moved"),
                    ("cancelled", "the session is cancelled"),
                    ("restored", "the session takes place after all"),
                    ("place", "the place changed"),
                    ("assigned", "you present"),
                    ("relieved", "you no longer present"),
                    ("published", "dates and turns of the term"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Timetable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rules", models.JSONField(default=dict)),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                (
                    "group",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timetable",
                        to="members.group",
                    ),
                ),
                (
                    "term",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="timetable",
                        to="schedule.term",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="timetable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("group__isnull", True), ("term__isnull", False)),
                    models.Q(("group__isnull", False), ("term__isnull", True)),
                    _connector="OR",
                ),
                name="a_timetable_is_of_a_group_or_of_a_term",
            ),
        ),
        migrations.AddConstraint(
            model_name="timetable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_until", None)),
                    models.Q(("group__isnull", False), ("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="quiet_hours_have_two_ends_and_a_group",
            ),
        ),
    ]
