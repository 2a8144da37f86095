"""How papers read on a page."""

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from papers import labels
from papers.lookup import panel
from papers.models import Lookup, Paper
from papers.search import index

register = template.Library()

STEPS = [Paper.WAITING, Paper.FRONT, Paper.PAGES]


@register.simple_tag(takes_context=True)
def address(context, **changes):
    """This page's address with some of its questions changed; an empty value takes one away, and the page number goes."""
    asked = context["request"].GET.dict()
    asked.pop("page", None)
    asked |= {name: str(value) for name, value in changes.items()}
    return "?" + urlencode({name: value for name, value in asked.items() if value})


@register.filter
def at(mapping, key):
    return mapping[key]


@register.filter
def paper_url(pk, group):
    """Without asking the database for the paper's group once more."""
    return reverse("papers:paper", args=[group.slug, pk])


@register.simple_tag
def marked(text, query):
    return index.highlight(text, query)


@register.simple_tag
def found_in(paper, query):
    return index.snippet(paper, query)


@register.filter
def steps(paper):
    """[(words, "d" for done | "now" | "")] of reading it; that it is uploaded is done as soon as there is a row."""
    names = dict(Paper.STEPS)
    now = len(STEPS) if paper.step == Paper.DONE else STEPS.index(paper.step)
    stands = ["d" if number < now or number == 0 else "now" if number == now else "" for number in range(len(STEPS))]
    return [(names[step], stand) for step, stand in zip(STEPS, stands, strict=True)]


@register.filter
def lookup_steps(lookup):
    """[(words, "d" | "now" | "")] of looking a paper up; the PDF is a step where one is wanted."""
    names = [_("asking %(where)s") % {"where": labels.where(lookup)}]
    if lookup.kind == "arxiv" and lookup.pasted:
        names.append(_("fetching the PDF"))
    now = 1 if lookup.state == Lookup.FOUND else 0
    return [(name, "d" if number < now else "now" if number == now else "") for number, name in enumerate(names)]


@register.simple_tag(takes_context=True)
def compared(context, paper):
    """What its look-ups have come to, for a row that is done; papers without one cost nothing."""
    if not paper.lookups.all():
        return []
    people = context["group"].memberships.in_order()
    return panel.shown(paper, {membership.pk: str(membership) for membership in people})


@register.filter
def reason(code):
    return labels.reason(code)


@register.filter
def active(codes):
    return labels.active(codes)


@register.filter
def field_names(fields):
    return ", ".join(str(labels.FIELDS[field]) for field in fields)


@register.filter
def megabytes(size):
    return size // 1024 // 1024
