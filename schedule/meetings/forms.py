"""One session is changed: each form carries the sequence of the page it was made on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from members.models import Group, Membership
from members.numbers import whole
from schedule.form_inputs import ClockInput, DayField
from schedule.models import Session
from schedule.planning import moving

STALE = -1  # no session has this sequence: a form that names none was not made on a page of ours as it is now


def seen_in(text: str | None) -> int:
    """Return the sequence that a form carries; STALE where it is missing or broken, so that the change is refused."""
    number = whole(text)
    return STALE if number is None else number


class SeenField(forms.CharField):
    """The sequence of the page that a form was made on. It is never refused by itself: see seen_in()."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def clean(self, value):
        return seen_in(super().to_python(value))


class SeenForm(forms.Form):
    """A change to a session carries the sequence of the page it was made on."""

    seen = SeenField()

    def __init__(self, data=None, *, session: Session, **kwargs):
        kwargs.setdefault("initial", self.values_of(session) | {"seen": session.sequence})
        super().__init__(data, **kwargs)

    @staticmethod
    def values_of(session: Session) -> dict:
        return {}


class MoveForm(SeenForm):
    day = DayField(label=gettext_lazy("Day"))
    time = forms.TimeField(label=gettext_lazy("Time"), widget=ClockInput)
    turns = forms.ChoiceField(
        label=gettext_lazy("Its turns"),
        required=False,
        choices=[
            (moving.ALONG, gettext_lazy("go along")),
            (moving.POOL, gettext_lazy("are shared out anew among those free that day")),
        ],
        widget=forms.RadioSelect,
    )

    @staticmethod
    def values_of(session):
        return {"day": session.local_start.date(), "time": session.local_start.time(), "turns": moving.ALONG}


class PlaceForm(SeenForm):
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)

    @staticmethod
    def values_of(session):
        return {"place": session.place}


class PresentersForm(forms.Form):
    """One button of the list of presenters. Only active members come in; anybody who is there may go."""

    fields: dict[str, Any]  # each is a subclass of Field
    seen = SeenField()
    do = forms.ChoiceField(choices=[(do, do) for do in ("add", "remove", "change", "earlier", "later")])
    presenter = forms.ModelChoiceField(Membership.objects.none())
    other = forms.ModelChoiceField(Membership.objects.none(), required=False)

    def __init__(self, data, *, group: Group):
        super().__init__(data)
        active = group.memberships.active().select_related("member")
        everybody = group.memberships.select_related("member")
        self.fields["presenter"].queryset = active if data.get("do") == "add" else everybody
        self.fields["other"].queryset = active
