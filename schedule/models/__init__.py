"""The rows of the schedule: terms, sessions, turns, notifications, and what is kept of a meeting."""

from schedule.models.absence import Absence
from schedule.models.attendance import AttendanceRecord
from schedule.models.bundle import Bundle, bundle_name
from schedule.models.calendar_link import CalendarLink
from schedule.models.change import Change, ExactJSONEncoder
from schedule.models.deck_template import DeckTemplate, template_name
from schedule.models.heartbeat import Heartbeat
from schedule.models.notification import Notification
from schedule.models.photo import Photo, photo_name
from schedule.models.presentation import Presentation
from schedule.models.session import Session
from schedule.models.swap import Swap, SwapQuerySet
from schedule.models.term import Term
from schedule.models.timetable import Timetable

__all__ = [
    "Absence",
    "Bundle",
    "CalendarLink",
    "Change",
    "DeckTemplate",
    "ExactJSONEncoder",
    "Notification",
    "AttendanceRecord",
    "Photo",
    "Presentation",
    "Heartbeat",
    "Session",
    "Swap",
    "SwapQuerySet",
    "Term",
    "Timetable",
    "bundle_name",
    "photo_name",
    "template_name",
]
