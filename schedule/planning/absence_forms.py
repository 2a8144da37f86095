"""Days away."""

from datetime import timedelta

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.time_zones import zone_of
from schedule.form_inputs import DayInput
from schedule.models import Absence

LONGEST_ABSENCE = timedelta(days=366)


class AbsenceForm(forms.ModelForm):
    class Meta:
        model = Absence
        fields = ["first_day", "last_day", "note"]
        labels = {
            "first_day": gettext_lazy("Away from"),
            "last_day": gettext_lazy("until"),
            "note": gettext_lazy("Note"),
        }
        widgets = {"first_day": DayInput, "last_day": DayInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_day"].required = False
        self.fields["last_day"].help_text = _("Empty: that one day.")

    def clean(self):
        cleaned = super().clean()
        first = cleaned.get("first_day")
        last = cleaned["last_day"] = cleaned.get("last_day") or first
        if first and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        elif first and last - first > LONGEST_ABSENCE:
            self.add_error("last_day", _("That is more than a year. Ask an organizer to pause your turns instead."))
        elif last and last < localdate(timezone=zone_of(self.instance.membership.group)):
            self.add_error("first_day", _("These days have passed."))
        return cleaned
