"""A term that has been held, with everything that is kept of one: marks, minutes, papers with covers, photos."""

import random
from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils.timezone import now
from PIL import Image

from members.models import Group
from schedule.models import AttendanceRecord, Photo, Term
from tests import make

MINUTES = (
    "- Grad-CAM draws a heat map of what the model looked at\n- 할 일: 우리 데이터로 해 보기\n- Open: does it hold?"
)


def held(group: Group, *, sessions=12, papers=6, photos=3) -> Term:
    """The same words everywhere; each photo is as large as those of a phone are kept."""
    people = list(group.memberships.all())
    people += [make.member(group, f"김민규 {number}") for number in range(papers - len(people))]
    term = make.term(group, "Spring", published_at=now() - timedelta(days=300))
    picture, cover = photo(), make.webp()
    for week in range(sessions, 0, -1):
        session = make.session(term, now() - timedelta(weeks=2 * week), state="held", notes=MINUTES)
        for number, one in enumerate(people[:papers]):
            read = make.paper(
                group, f"Paper {week}.{number}: 시각적 설명", abstract="We explain. " * 80, authors=["A. B."]
            )
            file = make.paper_file(read)
            file.cover.save("cover.webp", ContentFile(cover))
            turn = make.presentation(session, one, paper=read, shared_at=session.starts_at)
            type(turn).objects.filter(pk=turn.pk).update(minutes=MINUTES)
            AttendanceRecord.objects.create(
                session=session, membership=one, state=AttendanceRecord.PRESENT, at=session.starts_at
            )
        for _ in range(photos):
            kept = Photo(session=session, width=2000, height=1500, taken_at=session.starts_at)
            kept.file.save("photo.jpg", ContentFile(picture))
    return term


def photo(side=2000) -> bytes:
    """A picture with as much in it as a room full of people: 1 to 2 MB."""
    dice, out = random.Random(7), BytesIO()
    small = Image.frombytes("RGB", (side // 4, side * 3 // 16), dice.randbytes(side // 4 * (side * 3 // 16) * 3))
    small.resize((side, side * 3 // 4), Image.Resampling.BICUBIC).save(out, "JPEG", quality=88)
    return out.getvalue()
