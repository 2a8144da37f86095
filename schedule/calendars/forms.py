"""What one's own calendar shows."""

from django import forms

from members.edit_forms import EditForm
from schedule.models import CalendarLink


class CalendarForm(EditForm, forms.ModelForm):
    class Meta:
        model = CalendarLink
        fields = ["deadlines", "alarm", "invites"]
