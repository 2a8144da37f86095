"""The permissions of members/access.py for templates: {% if me|may_edit:place.pk %}."""

from django import template

from members import access

register = template.Library()
register.filter(access.may_edit)
register.filter(access.may_manage_members)
register.filter(access.may_change_settings)
register.simple_tag(access.may_change_place)  # {% may_change_place me place "leave" as may_leave %}
