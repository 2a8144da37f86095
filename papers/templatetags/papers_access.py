"""The permissions of papers/access.py for templates: {% if me|may_trash:paper %}."""

from django import template

from papers import access

register = template.Library()
register.filter(access.may_trash)
register.filter(access.may_restore)
register.filter(access.may_join)
