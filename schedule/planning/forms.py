"""A term is planned, and the rest of it planned again."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from members.edit_forms import SEEN, EditForm
from members.models import Group, Membership
from members.templatetags.formatting import day as day_in_words
from schedule.form_inputs import ClockInput, DayField, zones
from schedule.models import Session, Term
from schedule.planning import days_off
from schedule.planning.replanning import ANEW, FEW, OPEN, ReplanOptions
from schedule.planning.term_plan import MAX_SESSIONS

PRESENTERS = (1, 2, 3, 4, 5)
WEEKS = (1, 2, 3, 4)
SHARE_DAYS = (1, 2, 3, 4, 5, 6, 7, 10, 14, 21)
LONGEST_TERM = timedelta(days=2 * 366)
PROBLEMS = {
    days_off.NOT_A_DAY: gettext_lazy("Start with a day such as 2026-04-20, or two days with a dash between them."),
    days_off.NO_SUCH_DAY: gettext_lazy("The calendar has no such day."),
    days_off.OTHER_CENTURY: gettext_lazy("Choose a day of this century."),
    days_off.BACKWARDS: gettext_lazy("The last day comes before the first."),
    days_off.TOO_LONG: gettext_lazy("That is more than 200 days. Plan two terms instead."),
}


class ChosenDays(forms.Widget):
    """What was decided for single dates: `on-2026-03-01` holds a day, a button `choose` says `2026-03-01=2026-03-08`."""

    def value_from_datadict(self, data, files, name):
        asked = {key.removeprefix("on-"): data[key] for key in data if key.startswith("on-")}
        beat, _equals, day = data.get("choose", "").partition("=")
        return asked | {beat: day}

    def value_omitted_from_data(self, data, files, name):
        return False

    def put(self, data, name, days):
        """Write decisions into what came as if they had been sent."""
        for key in [key for key in data if key.startswith("on-")] + ["choose"]:
            data.pop(key, None)
        data.update({f"on-{beat}": day for beat, day in days.items()})


class ChosenField(forms.Field):
    """{beat: day}, both as ISO dates; what is no date, or empty, decides nothing."""

    widget = ChosenDays

    def clean(self, value):
        days = [(_iso(beat), _iso(day)) for beat, day in value.items()]
        return dict(sorted((beat, day) for beat, day in days if beat and day)[:MAX_SESSIONS])


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


class DaysOffForm(EditForm):
    """Days off, a line each; every wrong line is named with what is wrong."""

    days_off = forms.CharField(
        label=gettext_lazy("No meeting on"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "2026-04-20 – 2026-04-25 …"}),
        help_text=gettext_lazy("One day or range a line, then the reason."),
    )

    def clean_days_off(self):
        lines = days_off.parse(self.cleaned_data["days_off"])
        self.verdicts = [(line, PROBLEMS.get(line.problem, "")) for line in lines]
        wrong = [
            _("Line %(n)s, “%(text)s”: %(why)s") % {"n": line.number, "text": line.text[:60], "why": why}
            for line, why in self.verdicts
            if why
        ]
        if wrong:
            raise forms.ValidationError(wrong)
        return days_off.as_rows(lines)


class PlanForm(DaysOffForm, forms.ModelForm):
    """A term's rhythm. It writes nothing by itself: `form.instance` goes to planning."""

    fields: dict[str, Any]  # each is a subclass of Field
    first_day = DayField(label=gettext_lazy("First day"))
    last_day = DayField(label=gettext_lazy("or until"), required=False)
    every_weeks = forms.TypedChoiceField(label=gettext_lazy("Meets every"), coerce=int, widget=forms.RadioSelect)
    presenters = forms.TypedChoiceField(
        label=gettext_lazy("Presenters per session"),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    share_days = forms.TypedChoiceField(label=gettext_lazy("Papers are shared"), coerce=int)
    policy = forms.ChoiceField(
        label=gettext_lazy("When a date is blocked"), choices=Term.POLICIES, widget=forms.RadioSelect
    )
    timezone = forms.ChoiceField(label=gettext_lazy("Zone"))
    count = forms.IntegerField(label=gettext_lazy("Number of sessions"), required=False)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=15, max_value=720)
    chosen = ChosenField(required=False)

    class Meta:
        model = Term
        fields = [
            "name", "first_day", "last_day", "count", "every_weeks", "time", "timezone", "minutes", "place",
            "presenters", "share_days", "with_holidays", "policy", "days_off", "chosen",
        ]  # fmt: skip
        labels = {
            "name": gettext_lazy("Term"),
            "time": gettext_lazy("Time"),
            "place": gettext_lazy("Place"),
            "with_holidays": gettext_lazy("No meeting on public holidays"),
        }
        widgets = {"time": ClockInput}

    def __init__(self, data=None, *, group: Group, me: Membership, instance: Term, preview: bool = False, **kwargs):
        """`preview`: only what would be is shown, so that nothing can be overwritten."""
        initial = {"days_off": days_off.as_text(instance.days_off)}
        super().__init__(data, instance=instance, initial=initial, auto_id="plan_%s", **kwargs)
        if preview or not instance.pk:
            del self.fields[SEEN]
        self.fields["every_weeks"].choices = [(n, weeks_in_words(n)) for n in with_own(WEEKS, instance.every_weeks)]
        self.fields["presenters"].choices = [
            *((n, str(n)) for n in with_own(PRESENTERS, instance.presenters)),
            ("", _("All")),
        ]
        self.fields["share_days"].choices = [
            (n, ngettext("%(n)s day before", "%(n)s days before", n) % {"n": n})
            for n in with_own(SHARE_DAYS, instance.share_days)
        ]
        self.fields["timezone"].choices = zones(instance.timezone, group.timezone, me.member.timezone)
        self.fields["share_days"].help_text = _("The presenter is reminded the day before, and that morning.")

    def clean_count(self):
        count = self.cleaned_data["count"]
        if count is not None and count < 1:
            raise forms.ValidationError(_("Plan at least one session."))
        if count is not None and count > MAX_SESSIONS:
            raise forms.ValidationError(
                _("A term has at most %(most)s sessions. Plan the rest as the next term.") % {"most": MAX_SESSIONS}
            )
        return count

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if not cleaned.get("count") and not last and not {"count", "last_day"} & self.errors.keys():
            self.add_error("count", _("Say how many sessions, or until which day."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        elif first and last and last - first > LONGEST_TERM:
            self.add_error("last_day", _("A term lasts two years at most. Plan the rest as the next term."))
        return cleaned


def with_own(offered: tuple[int, ...], own: int | None) -> list[int]:
    """What is offered, and what the term has already."""
    return sorted({*offered} if own is None else {*offered, own})


def weeks_in_words(weeks: int) -> str:
    return _("week") if weeks == 1 else ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}


class ReplanForm(forms.Form):
    """How the rest of a term is planned again. What is missing or wrong means the first choice: a look changes nothing."""

    fields: dict[str, Any]  # each is a subclass of Field
    how = forms.ChoiceField(
        label=gettext_lazy("How much may move"),
        choices=[
            (FEW, gettext_lazy("As few turns as an even plan needs")),
            (OPEN, gettext_lazy("Nobody’s turn: only fill what is open")),
            (ANEW, gettext_lazy("Everything: share the rest out afresh")),
        ],
        widget=forms.RadioSelect,
    )
    since = forms.ModelChoiceField(
        Session.objects.none(), label=gettext_lazy("From this session on"), required=False, empty_label=None
    )
    by_hand = forms.BooleanField(label=gettext_lazy("Sessions arranged by hand, too"), required=False)

    def __init__(self, data, *, term: Term, at: datetime):
        data = data.copy()
        data.setdefault("how", FEW)
        super().__init__(data, auto_id="replan_%s")
        ahead = term.sessions.filter(state=Session.PLANNED, starts_at__gt=at).select_related("term")
        self.fields["since"].queryset = ahead
        self.fields["since"].label_from_instance = lambda session: day_in_words(session.local_start.date())

    def wish(self) -> ReplanOptions:
        if not self.is_valid():
            return ReplanOptions()
        asked = self.cleaned_data
        return ReplanOptions(asked["how"], asked["since"] and asked["since"].starts_at, by_hand=asked["by_hand"])
