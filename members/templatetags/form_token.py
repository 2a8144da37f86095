"""{% form_token %} stands in every form that is posted."""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from members.form_tokens import FIELD, new_token

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context):
    """Two hidden fields: Django's token against forged requests, and ours, by which one sent twice has one effect."""
    return format_html(
        '{}<input type="hidden" name="{}" value="{}">', CsrfTokenNode().render(context), FIELD, new_token()
    )
