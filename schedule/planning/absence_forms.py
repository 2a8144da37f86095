"""Days away."""

from datetime import timedelta

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.time_zones import zone_of
from schedule.form_inputs import DayField
from schedule.models import Absence

LONGEST_ABSENCE = timedelta(days=366)


class AbsenceForm(forms.ModelForm):
    first_day = DayField(label=gettext_lazy("Away from"))
    last_day = DayField(label=gettext_lazy("until"), required=False, help_text=gettext_lazy("Empty: that one day."))

    class Meta:
        model = Absence
        fields = ["first_day", "last_day", "note"]
        labels = {"note": gettext_lazy("Note")}

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first = cleaned.get("first_day")
        if "last_day" in self.errors:
            return cleaned
        last = cleaned["last_day"] = cleaned.get("last_day") or first
        if first and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        elif first and last - first > LONGEST_ABSENCE:
            self.add_error("last_day", _("That is more than a year. Ask an organizer to pause your turns instead."))
        elif last and last < localdate(timezone=zone_of(self.instance.membership.group)):
            self.add_error("first_day", _("These days have passed."))
        return cleaned
