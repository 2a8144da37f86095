"""Why a change was not made, in words for the person who asked."""

from django.utils.translation import gettext as _


class NotPossible(Exception):
    """The change cannot be made; str() says why and what to do, in the reader's language."""


class ChangedMeanwhile(NotPossible):
    """Somebody else was faster. `thing` is as it is now; the page shows it beside what was asked for."""

    def __init__(self, thing):
        self.thing = thing
        super().__init__(
            _("Somebody changed this meanwhile. See how it is now, then change it again if you still want to.")
        )
