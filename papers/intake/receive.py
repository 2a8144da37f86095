"""What came with an upload form: each file is judged by itself, so three bad ones do not hold up the other 27."""

from dataclasses import dataclass

from django.contrib import messages
from django.utils.translation import gettext as _

from members.limits import limited, too_many
from members.models import Membership
from papers import library, uploads
from papers.models import Paper
from papers.uploads import UploadRefused

FILES_A_MINUTE = 120  # one member's


@dataclass(frozen=True)
class Arrived:
    """One file: its paper and whether that is new here, or why it stays outside."""

    name: str
    paper: Paper | None = None
    new: bool = False
    error: str = ""

    @property
    def words(self) -> str:
        if self.error or self.paper is None:
            return f"{self.name}: {self.error}"
        title = self.paper.called
        if self.new:
            return _("%(name)s is on the shelf. Its first page is being read now.") % {"name": self.name}
        if self.paper.deleted_at:
            return _("%(name)s is the same file as ‘%(title)s’, which lies in the trash. Restore it there.") % {
                "name": self.name,
                "title": title,
            }
        return _("%(name)s is the same file as ‘%(title)s’, so there is still one of it.") % {
            "name": self.name,
            "title": title,
        }


def slow_down(request):
    """The answer to more than FILES_A_MINUTE; None, and they are counted, while it is fewer."""
    files = len(request.FILES.getlist("files"))
    wait = limited(f"upload:{request.membership.pk}", FILES_A_MINUTE, 60, cost=max(1, files))
    return too_many(request, wait) if wait else None


def receive(request, *, into: Paper | None = None) -> list[Arrived]:
    """Take in every file of the request, as papers of their own or as a version of `into`."""
    files = request.FILES.getlist("files")
    arrived = [take_in(file, uploads.clean_name(file.name), by=request.membership, into=into) for file in files]
    arrived += [Arrived(name, error=uploads.too_large()) for name in getattr(request, "too_large", [])]
    return arrived or [Arrived(_("Nothing arrived"), error=_("Choose a PDF first, then send it."))]


def take_in(file, name: str, *, by: Membership, into: Paper | None = None) -> Arrived:
    """One file, judged by itself."""
    try:
        if into:
            added = library.add_version(into, file, by=by, name=name)
        else:
            added = library.add_paper(file, group=by.group, by=by, name=name)
    except UploadRefused as refused:
        return Arrived(name, error=str(refused))
    return Arrived(name, added.paper, added.new)


def say(request, arrived: list[Arrived]) -> None:
    """The same in words on the next page, for a form sent without JavaScript."""
    new = [one for one in arrived if one.new]
    if len(new) > 1:
        messages.success(request, _("%(n)s papers are on the shelf. They are being read now.") % {"n": len(new)})
    for one in arrived:
        if one.error:
            messages.error(request, one.words)
        elif not one.new or len(new) == 1:
            messages.info(request, one.words)
