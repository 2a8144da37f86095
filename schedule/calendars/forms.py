"""What one's own calendar shows."""

from django import forms

from schedule.models import CalendarLink


class CalendarForm(forms.ModelForm):
    class Meta:
        model = CalendarLink
        fields = ["deadlines", "alarm", "invites"]
