"""The way to one's group, a new group, and what organizers set for theirs."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members import audit, founding, storage
from members.access import LAST_GROUP, group_organizer
from members.forms import GroupForm, SettingsForm
from members.limits import limited, too_many
from members.models import Group
from members.time_zones import zone_of

GROUPS_A_DAY = 10


def start(request):
    """To the group one was in last, or the only one; else a list, or how to begin."""
    groups = list(request.user.study_groups)
    last = [group for group in groups if group.slug == request.session.get(LAST_GROUP)]
    if last or len(groups) == 1:
        return redirect((last or groups)[0])
    return render(request, "members/start.html", {"groups": groups})


def new_group(request):
    """Whoever starts a group organizes it."""
    form = GroupForm(
        request.POST or None, initial={"language": request.user.language, "timezone": zone_of(request.user).key}
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "members/new_group.html", {"form": form}, status=422 if form.is_bound else 200)
    if wait := limited(f"new-group:{request.user.pk}", GROUPS_A_DAY, 86_400):
        return too_many(request, wait)
    group = founding.start_group(by=request.user, **form.cleaned_data)
    messages.success(request, _("The group is ready. Invite the others next."))
    return redirect("members:members", group.slug)


@group_organizer
def group_settings(request, group):
    if request.method != "POST":
        return _settings_page(request, group, SettingsForm(instance=group))
    with transaction.atomic():
        # another row than the page's: a form that is refused must not rename its head
        form = SettingsForm(request.POST, instance=Group.objects.select_for_update().get(pk=group.pk))
        if not form.is_valid():
            return _settings_page(request, group, form)
        form.save()
        if form.changed_data:
            audit.record("settings_changed", by=request.user, group=group, detail=" ".join(form.changed_data))
    messages.success(request, _("Saved."))
    return redirect("members:group_settings", group.slug)


def _settings_page(request, group, form):
    page = {"form": form, "group_space": storage.of_group(group)}
    return render(request, "members/group_settings.html", page, status=form.status)
