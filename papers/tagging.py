"""Tags of papers: what two people change at the same time is all there afterwards."""

from django.db import transaction

from members.models import Group
from papers.clean_text import clean_text
from papers.models import Paper, Tag
from papers.search import index

TAG_LENGTH = 40


def tag(paper: Paper, names: list[str], *, shown: list[str] | None = None) -> None:
    """Have the paper carry these tags; a tag that nobody uses any more goes.

    `shown` are the tags that whoever names them has seen: what others added or took off since stays as they have it.
    """
    with transaction.atomic():
        paper = Paper.objects.select_for_update().get(pk=paper.pk)
        here = [tag.name for tag in paper.tags.all()]
        known = {tag.name.casefold(): tag for tag in paper.group.tags.all()}
        wanted = _with_others(_tidied(names), here, here if shown is None else _tidied(shown))
        tags = [known.get(name.casefold()) or _new_tag(paper.group, name, known) for name in wanted]
        paper.tags.set(tags)
        paper.group.tags.filter(papers=None).delete()
        index.index(paper)


def _tidied(names: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (clean_text(name, TAG_LENGTH) for name in names))))


def _with_others(names: list[str], here: list[str], shown: list[str]) -> list[str]:
    """What is named, and what others added since `shown`, without what others took off since and nobody named anew."""
    before, now, named = ({name.casefold() for name in some} for some in (shown, here, names))
    kept = [name for name in names if name.casefold() in now or name.casefold() not in before]
    return kept + [name for name in here if name.casefold() not in before | named]


def _new_tag(group: Group, name: str, known: dict) -> Tag:
    made, _created = Tag.objects.get_or_create(group=group, name=name)
    known[name.casefold()] = made
    return made
