"""Forms that change what others may change meanwhile: what does not collide is merged, what does is shown, both values.

Of each field three values are compared, as a browser sends them: as the page showed it, as it is now, and as it came.
"""

import json
from copy import copy
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext as _

SEEN = "seen"
LONGEST_SEEN = 20_000  # letters; what pages of ours say is shorter, and JSON of millions of lists fills the memory
SEPARATOR = " · "


class EditForm(forms.Form):
    """A form filled with what is so now: `initial`, which has to be that in a bound form, too.

    Fields with several values are merged value by value, and never collide. `collided` names the fields that were changed
    here and, to something else, meanwhile; such a form is not valid, and is answered with 409 (RFC 9110, section 15.5.10).
    Sent again it keeps what was typed, as both values were seen.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    alone: frozenset[str] = frozenset({SEEN})  # fields that nobody else changes

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.collided: list[str] = []
        self.fields[SEEN].initial = lambda: json.dumps(self._fingerprints())

    @property
    def status(self) -> int:
        """Of the page that shows this form: 409, 422, or 200 before it was sent."""
        if not self.is_bound:
            return 200
        return 409 if self.collided else 422 if self.errors else 200

    def full_clean(self):
        if self.is_bound and SEEN in self.fields:
            self._merge()
        super().full_clean()
        for name in self.collided:
            self.add_error(name, self._both_values(name))

    def _merge(self) -> None:
        """Take what others changed into the data where nothing was typed; note where both did."""
        seen = self._seen()
        merged: Any = copy(self.data)
        self.collided = []
        for name, field in self._shared():
            here, now = _sent(field, self[name].data), self._now(name, field)
            if self._is_missing(name, field):
                _put(merged, self.add_prefix(name), field, now)
            elif here == now or _shown(now) == seen.get(name):
                continue
            elif isinstance(here, list) and isinstance(seen.get(name), list):
                _put(merged, self.add_prefix(name), field, _with_others(here, now, seen[name]))
            elif _shown(here) == seen.get(name):
                _put(merged, self.add_prefix(name), field, now)
            else:
                self.collided.append(name)
        merged[self.add_prefix(SEEN)] = json.dumps(self._fingerprints())
        self.data = merged

    def _shared(self) -> list[tuple[str, forms.Field]]:
        return [(name, field) for name, field in self.fields.items() if name not in self.alone and not field.disabled]

    def _now(self, name: str, field: forms.Field) -> Any:
        return _sent(field, self.get_initial_for_field(field, name))

    def _is_missing(self, name: str, field: forms.Field) -> bool:
        """Whether nothing came for it, not even an empty value: it stood on no page and was not emptied."""
        return field.widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    def _fingerprints(self) -> dict[str, Any]:
        return {name: _shown(self._now(name, field)) for name, field in self._shared()}

    def _seen(self) -> dict:
        said = self.data.get(self.add_prefix(SEEN), "")
        try:
            seen = json.loads(said) if len(said) <= LONGEST_SEEN else {}
        except (ValueError, RecursionError):  # no page of ours says that
            return {}
        return seen if isinstance(seen, dict) else {}

    def _both_values(self, name: str) -> str:
        field = self.fields[name]
        if there := _in_words(field, self._now(name, field)):
            words = _(
                "This was changed meanwhile, to “%(there)s”. What you typed is here; save again to put it in place of that."
            )
            return words % {"there": there}
        return _("This was emptied meanwhile. What you typed is here; save again to put it there.")


def _sent(field: forms.Field, value: Any) -> Any:
    """Return what a browser sends for this value of a field: text, a sorted list, a dictionary, True or False."""
    value = field.prepare_value(value)
    if isinstance(field.widget, forms.CheckboxInput):
        return bool(value)
    if isinstance(value, dict):
        return {key: one for key, one in value.items() if key and one}
    value = field.widget.format_value(value)
    if isinstance(value, list):
        values = sorted(filter(None, value))
        return values if field.widget.allow_multiple_selected else "".join(values)
    return "\n".join(" ".join(line.split()) for line in (value or "").splitlines()).strip()


def _shown(sent: Any) -> Any:
    """Return what a page says of a value that it shows: the values of a field that has several, else a fingerprint."""
    return sent if isinstance(sent, list) else sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()[:12]


def _with_others(here: list, now: list, seen: list) -> list:
    """Return what is there now, with what was added here and without what was taken off here."""
    return sorted((set(now) - (set(map(str, seen)) - set(here))) | (set(here) - set(map(str, seen))))


def _put(data: Any, name: str, field: forms.Field, sent: Any) -> None:
    """Write a value into what came as if it had been sent."""
    if isinstance(sent, dict):
        field.widget.put(data, name, sent)
    elif sent is False:
        data.pop(name, None)
    elif isinstance(sent, list):
        data.setlist(name, sent)
    else:
        data[name] = "on" if sent is True else sent


def _in_words(field: forms.Field, sent: Any) -> str:
    if isinstance(sent, bool):
        return _("yes") if sent else _("no")
    if isinstance(sent, dict):
        return SEPARATOR.join(f"{key}: {one}" for key, one in sent.items())
    choices = {str(code): str(words) for code, words in getattr(field, "choices", [])}
    if isinstance(sent, list):
        return SEPARATOR.join(choices.get(code) or code for code in sent)
    return choices.get(sent) or sent
