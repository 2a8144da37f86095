"""What the sign-in page offers beside signing in."""

from django import template

from members.demo import demo_members

register = template.Library()


@register.filter
def plain(form):
    """The form without placeholders: a label says the same, and stays while one types."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form


@register.inclusion_tag("members/_look_around.html", takes_context=True)
def look_around(context, next_page):
    return {"people": demo_members(), "next": next_page, "csrf_token": context.get("csrf_token")}
