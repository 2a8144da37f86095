"""What people type about the schedule, judged in words."""

from schedule.forms.away import AbsenceForm
from schedule.forms.session import MoveForm, PlaceForm, PresentersForm, SeenForm
from schedule.forms.term import DaysOffForm, PlanForm, ReplanForm
from schedule.forms.timetable import GroupTimetableForm, TimetableForm

__all__ = [
    "AbsenceForm",
    "DaysOffForm",
    "GroupTimetableForm",
    "MoveForm",
    "PlaceForm",
    "PlanForm",
    "PresentersForm",
    "ReplanForm",
    "SeenForm",
    "TimetableForm",
]
