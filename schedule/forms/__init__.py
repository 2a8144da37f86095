"""What people type about the schedule, judged in words."""

from schedule.forms.away import AbsenceForm
from schedule.forms.session import MoveForm, NotesForm, PlaceForm, PresentersForm, SeenForm
from schedule.forms.term import PlanForm, ReplanForm

__all__ = ["AbsenceForm", "MoveForm", "NotesForm", "PlaceForm", "PlanForm", "PresentersForm", "ReplanForm", "SeenForm"]
