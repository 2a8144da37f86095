"""Letter becomes Notification, Mark AttendanceRecord, Pulse Heartbeat. Rows, and rights given by name, stay."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("members", "0012_membership_spine_becomes_colour"),
        ("schedule", "0018_a_term_has_a_known_time_zone"),
    ]

    operations = [
        migrations.RenameModel("Pulse", "Heartbeat"),
        migrations.RemoveConstraint("mark", "mark_state_is_known"),
        migrations.RenameModel("Mark", "AttendanceRecord"),
        migrations.AlterField("attendancerecord", "session", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attendance_records", to="schedule.session")),
        migrations.AlterField("attendancerecord", "membership", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="attendance_records", to="members.membership")),
        migrations.AddConstraint("attendancerecord", models.CheckConstraint(condition=Q(state__in=["present", "late", "excused", "absent"]), name="attendance_state_is_known")),
        migrations.RemoveConstraint("letter", "one_letter_per_kind_turn_and_recipient"),
        migrations.RemoveConstraint("letter", "one_letter_per_kind_session_and_recipient"),
        migrations.RemoveConstraint("letter", "letter_state_is_known"),
        migrations.RenameModel("Letter", "Notification"),
        migrations.RenameField("notification", "nth", "dedupe_key"),
        migrations.RenameIndex("notification", new_name="notification_to_do", old_name="letter_to_do"),
        migrations.AlterField("notification", "session", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notifications", to="schedule.session")),
        migrations.AlterField("notification", "recipient", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notifications", to="members.membership")),
        migrations.AlterField("notification", "swap", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="notifications", to="schedule.swap")),
        migrations.AlterField("notification", "starts_at", models.DateTimeField(help_text="The start of the session as the notification knows it.")),
        migrations.AlterField("notification", "dedupe_key", models.PositiveIntegerField(default=0, help_text="Day of a repeated reminder, the session's sequence, the swap's number, or the notification taken back.")),
        migrations.AddConstraint("notification", models.UniqueConstraint(condition=Q(about__isnull=False), fields=("kind", "session", "about", "recipient", "starts_at", "dedupe_key"), name="one_notification_per_kind_turn_and_recipient")),
        migrations.AddConstraint("notification", models.UniqueConstraint(condition=Q(about__isnull=True), fields=("kind", "session", "recipient", "starts_at", "dedupe_key"), name="one_notification_per_kind_session_and_recipient")),
        migrations.AddConstraint("notification", models.CheckConstraint(condition=Q(state__in=["queued", "sending", "sent", "failed", "uncertain", "skipped", "expired"]), name="notification_state_is_known")),
    ]
