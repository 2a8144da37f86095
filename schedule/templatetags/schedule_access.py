"""The permissions of schedule/access.py for templates: {% if me|may_plan %}, {% if me|may_remove_photo:photo %}."""

from django import template

from schedule import access

register = template.Library()
register.filter(access.may_plan)
register.filter(access.may_export)
register.filter(access.may_change_turn)
register.filter(access.may_share)
register.filter(access.may_see_all_absences)
register.filter(access.may_tap)
register.filter(access.may_swap_at_once)
register.filter(access.may_mark)
register.filter(access.may_open_code)
register.filter(access.may_remove_photo)
register.filter(access.may_close_record)
register.filter(access.may_read_all_notifications)
register.filter(access.may_send_now)
register.filter(access.may_change_times)
