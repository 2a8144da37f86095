"""{% form_token %} stands in every form of ours that is posted, {% one_time_token %} in those of libraries."""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from members.form_tokens import FIELD, new_token

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context):
    """Two hidden fields: Django's token against forged requests, and ours, by which one sent twice has one effect."""
    return format_html("{}{}", CsrfTokenNode().render(context), one_time_token())


@register.simple_tag
def one_time_token():
    """The second of the two: for a form that has Django's already."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())
