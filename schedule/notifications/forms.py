"""When notifications go out."""

from datetime import time

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.edit_forms import EditForm
from schedule.form_inputs import ClockInput
from schedule.models import Notification
from schedule.notifications.timetable import DAYS, DEFAULT_RULES, Quiet, Rule

# a kind's name in the form, and what its number of days counts
NAMES = {
    Notification.CHOOSE: gettext_lazy("Choose a paper"),
    Notification.SHARE_SOON: gettext_lazy("Share your paper soon"),
    Notification.SHARE_TODAY: gettext_lazy("Share your paper today"),
    Notification.OVERDUE: gettext_lazy("The paper is still missing"),
    Notification.OVERDUE_ORGANIZER: gettext_lazy("To organizers: a presenter may need help"),
    Notification.PAPERS: gettext_lazy("The papers to read"),
    Notification.TOMORROW: gettext_lazy("Where and when we meet"),
}
COUNTS = {
    Notification.CHOOSE: gettext_lazy("days before the day to share"),
    Notification.SHARE_SOON: gettext_lazy("days before the day to share"),
    Notification.OVERDUE: gettext_lazy("days in a row after the day to share"),
    Notification.OVERDUE_ORGANIZER: gettext_lazy("days after the day to share"),
    Notification.TOMORROW: gettext_lazy("days before the session"),
}
NOTES = {
    Notification.SHARE_TODAY: gettext_lazy("on the day to share"),
    Notification.PAPERS: gettext_lazy(
        "on the day to share, or as soon as all papers are there; late ones follow one by one"
    ),
}


class TimetableForm(EditForm):
    """A row for each kind of reminder: on or off, how many days, at what time."""

    def __init__(self, *args, kinds: dict[str, Rule], **kwargs):
        super().__init__(*args, **kwargs)
        for kind, rule in kinds.items():
            self.fields[f"{kind}_on"] = forms.BooleanField(label=NAMES[kind], required=False, initial=rule.on)
            if kind in DAYS:
                low, high = DAYS[kind]
                box = forms.NumberInput(attrs={"inputmode": "numeric"})
                self.fields[f"{kind}_days"] = forms.IntegerField(
                    label=COUNTS[kind], min_value=low, max_value=high, initial=rule.days, widget=box
                )
            self.fields[f"{kind}_at"] = forms.TimeField(label=_("time"), initial=rule.at, widget=ClockInput)
            for name in self.fields.keys() & {f"{kind}_days", f"{kind}_at"}:
                self.fields[name].widget.attrs["class"] = "in"

    def rows(self):
        for kind in DEFAULT_RULES:
            days = self[f"{kind}_days"] if kind in DAYS else None
            yield {"on": self[f"{kind}_on"], "days": days, "at": self[f"{kind}_at"], "note": NOTES.get(kind, "")}

    def kinds(self) -> dict[str, Rule]:
        said = self.cleaned_data
        return {
            kind: Rule(said[f"{kind}_on"], said.get(f"{kind}_days", rule.days), said[f"{kind}_at"])
            for kind, rule in DEFAULT_RULES.items()
        }


class GroupTimetableForm(TimetableForm):
    quiet_from = forms.TimeField(label=gettext_lazy("Quiet from"), required=False, widget=ClockInput)
    quiet_until = forms.TimeField(label=gettext_lazy("until"), required=False, widget=ClockInput)

    def __init__(self, *args, quiet: Quiet | None, **kwargs):
        super().__init__(*args, **kwargs)
        if quiet:
            self.fields["quiet_from"].initial, self.fields["quiet_until"].initial = quiet.start, quiet.end

    def clean(self):
        super().clean()
        said = self.cleaned_data
        start, end = said.get("quiet_from"), said.get("quiet_until")
        if (start is None) != (end is None):
            self.add_error("quiet_until", _("Give both ends, or leave both empty."))
        elif start is not None and start == end:
            self.add_error("quiet_until", _("The two ends are the same."))
        return said

    def quiet(self) -> tuple[time, time] | None:
        start, end = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return (start, end) if start is not None else None
