"""What people may type into a card, and how it is tidied."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from members.edit_forms import SEEN, EditForm
from papers.clean_text import UNSEEN, clean_text
from papers.duplicates import bare_arxiv_id
from papers.models import Paper

DOI = re.compile(r"^10\.\d{4,9}/\S+$")
ARXIV = re.compile(r"^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7})$")
ADDRESS = re.compile(r"^(https?://)?((dx\.)?doi\.org/|arxiv\.org/(abs|pdf)/)|^(doi|arxiv):\s*", re.IGNORECASE)
FIRST_PRINT = 1450
AUTHORS = 200
MOST_TAGS = 20


class AuthorsField(forms.CharField):
    """One name a line, kept as printed."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value):
        names = (clean_text(line, 200) for line in super().clean(value).splitlines())
        return [name for name in names if name][:AUTHORS]

    def has_changed(self, initial, data):
        return self.clean(data or "") != (initial or [])


class PaperForm(EditForm, forms.ModelForm):
    """The whole card, or with `only` one field of it. `changed_data` says what a person has typed."""

    authors = AuthorsField(label=_("Authors"), required=False, help_text=_("One name a line, as printed."))

    class Meta:
        model = Paper
        fields = Paper.READ
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "abstract": forms.Textarea(attrs={"rows": 10}),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(self, *args, only: str = "", **kwargs):
        super().__init__(*args, auto_id=f"check_{only}_%s" if only else "id_%s", **kwargs)
        if only:
            self.fields = {name: self.fields[name] for name in (only, SEEN)}
            attributes = self.fields[only].widget.attrs
            attributes |= {"class": "in grow"} | ({"rows": 2} if "rows" in attributes else {})
        if "title" in self.fields:
            self.fields["title"].required = True
            self.fields["title"].error_messages["required"] = _("Give the paper a title.")

    def clean_title(self):
        if title := clean_text(self.cleaned_data["title"], 500):
            return title
        raise forms.ValidationError(self.fields["title"].error_messages["required"], "required")

    def clean_venue(self):
        return clean_text(self.cleaned_data["venue"], 300)

    def clean_abstract(self):
        return UNSEEN.sub(" ", self.cleaned_data["abstract"].replace("\r\n", " ").replace("\n", " ")).strip()

    def clean_year(self):
        year, latest = self.cleaned_data["year"], date.today().year + 1
        if year is not None and not FIRST_PRINT <= year <= latest:
            raise forms.ValidationError(
                _("A year between %(first)s and %(last)s."), params={"first": FIRST_PRINT, "last": latest}
            )
        return year

    def clean_doi(self):
        doi = ADDRESS.sub("", self.cleaned_data["doi"].strip()).rstrip(".")
        if doi and not DOI.match(doi):
            raise forms.ValidationError(_("A DOI looks like 10.1109/CVPR46437.2021.01129."))
        return doi

    def clean_arxiv_id(self):
        arxiv_id = ADDRESS.sub("", self.cleaned_data["arxiv_id"].strip()).removesuffix(".pdf")
        arxiv_id = bare_arxiv_id(arxiv_id)
        if arxiv_id and not ARXIV.match(arxiv_id):
            raise forms.ValidationError(_("An arXiv number looks like 2011.12100."))
        return arxiv_id


class WishForm(forms.Form):
    note = forms.CharField(label=_("Why we should read it"), max_length=300, required=False)

    def clean_note(self):
        return clean_text(self.cleaned_data["note"], 300)


class TagForm(forms.Form):
    tags = forms.CharField(
        label=_("Tags"), max_length=500, required=False, help_text=_("Separate several with commas.")
    )

    # the tags on the page: what others added or took off meanwhile stays as they have it
    shown = forms.CharField(max_length=2000, required=False)

    def clean_tags(self):
        names = self.cleaned_data["tags"].split(",")
        if len(names) > MOST_TAGS:
            raise forms.ValidationError(_("A paper has at most %(most)s tags."), params={"most": MOST_TAGS})
        return names

    def clean_shown(self):
        return self.cleaned_data["shown"].split(",")
