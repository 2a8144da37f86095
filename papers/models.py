"""What we read."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.models import Group, Membership

TRASH_DAYS = 30
CATALOGUES = ("arxiv", "crossref", "openalex")  # public records that may be asked, see Lookup
UNSURE = 0.6  # a value read with less confidence asks a person to check it


class PaperQuerySet(models.QuerySet):
    def kept(self):
        """On the shelf: not in the trash."""
        return self.filter(deleted_at=None)

    def in_trash(self):
        return self.exclude(deleted_at=None)

    def unread(self):
        """Waiting for the worker: the to-do list of reading."""
        return self.filter(state=Paper.NEW)


class Paper(models.Model):
    """A library card. `new` until the worker has read the file; then `ready`, or `unreadable` with the reason."""

    NEW, READY, UNREADABLE = "new", "ready", "unreadable"
    STATES = [(NEW, _("being read")), (READY, _("ready")), (UNREADABLE, _("could not be read"))]
    WAITING, FRONT, PAGES, DONE = "waiting", "front", "pages", "done"
    STEPS = [(WAITING, _("uploaded")), (FRONT, _("front page")), (PAGES, _("cover and text")), (DONE, _("done"))]

    READ = ("title", "authors", "abstract", "year", "venue", "doi", "arxiv_id")  # read from the PDF, or typed by people

    group = models.ForeignKey(Group, models.CASCADE, related_name="papers")
    added_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="papers_added")
    added_at = models.DateTimeField(default=now)

    state = models.CharField(max_length=10, choices=STATES, default=NEW)
    step = models.CharField(max_length=10, choices=STEPS, default=WAITING)
    reason = models.CharField(
        max_length=30, blank=True, help_text=_("Code of why it could not be read; empty when it could.")
    )
    tries = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    title = models.CharField(_("title"), max_length=500, blank=True)
    authors = models.JSONField(_("authors"), default=list, blank=True)
    abstract = models.TextField(_("abstract"), max_length=10_000, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    venue = models.CharField(_("venue"), max_length=300, blank=True)
    doi = models.CharField("DOI", max_length=200, blank=True)
    arxiv_id = models.CharField("arXiv", max_length=40, blank=True, help_text=_("Without the version."))
    language = models.CharField(_("language of the paper"), max_length=10, blank=True)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    # {field: "page" | "info" | … | "typed:<membership id>"} and {field: 0.0 … 1.0}
    sources = models.JSONField(default=dict, blank=True)
    confidences = models.JSONField(default=dict, blank=True)

    tags = models.ManyToManyField("papers.Tag", blank=True, related_name="papers")
    looks_like = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("The paper here that this one may repeat."),
    )
    kept_apart = models.ManyToManyField(
        "self", blank=True, help_text=_("Papers that look like this one, and are not: somebody said so.")
    )
    changed_at = models.DateTimeField(auto_now=True, help_text=_("When what the card says last changed."))
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-added_at", "-pk"]
        indexes = [
            models.Index(fields=["group", "deleted_at", "-added_at"], name="paper_shelf"),
            models.Index(fields=["group", "doi"], name="paper_doi", condition=~Q(doi="")),
            models.Index(fields=["group", "arxiv_id"], name="paper_arxiv", condition=~Q(arxiv_id="")),
            models.Index(fields=["state"], name="paper_unread", condition=Q(state="new")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["new", "ready", "unreadable"]), name="paper_state_is_known"),
        ]

    def __str__(self):
        return self.title or (f"arXiv:{self.arxiv_id}" if self.arxiv_id else self.doi) or str(_("Untitled paper"))

    def get_absolute_url(self):
        return reverse("papers:paper", args=[self.group.slug, self.pk])

    @property
    def is_being_read(self):
        return self.state == self.NEW

    def holds(self, field):
        """Reading a PDF leaves this field alone: a person typed it, or it was taken from a public record."""
        source = self.sources.get(field, "")
        return source.startswith("typed:") or source in CATALOGUES

    @property
    def unsure(self):
        """The fields a person should look at, in the order of the card."""
        return [field for field in self.READ if self.confidences.get(field, 1) < UNSURE]

    @property
    def latest(self):
        """The newest version of its PDF; asks the database once when `files` is prefetched."""
        return next(iter(self.files.all()), None)

    @property
    def called(self):
        """Its title; while there is none, what the person called the file, or the number they pasted."""
        return self.title or (self.latest.name if self.latest else str(self))

    @property
    def asked_for(self):
        """The look-up that may be answered any second; a query unless `lookups` is prefetched."""
        return next((lookup for lookup in self.lookups.all() if lookup.is_on_its_way), None)

    @property
    def progress(self):
        """How far reading it, then looking it up, has come; "" when both are over."""
        if self.is_being_read:
            return self.step
        return f"{self.asked_for.state}-{self.asked_for.pdf}" if self.asked_for else ""

    @property
    def cover_file(self):
        """The newest version that has a cover."""
        return next((file for file in self.files.all() if file.cover), None)


def stored_name(instance, filename):
    """Files are stored under a name of our own: what people call them is data, never a path."""
    return f"{instance.group_id}/{uuid.uuid4()}.pdf"


def cover_name(instance, filename):
    return f"{instance.group_id}/{uuid.uuid4()}.webp"


class PaperFile(models.Model):
    """One version of a paper's PDF. The same bytes stand once in a group; the database keeps that promise."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="files")
    group = models.ForeignKey(Group, models.CASCADE, related_name="+")
    file = models.FileField(upload_to=stored_name)
    cover = models.FileField(upload_to=cover_name, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    name = models.CharField(max_length=255, help_text=_("What the person called it."))
    added_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)
    active_content = models.JSONField(
        default=list, blank=True, help_text=_("JavaScript, Launch, embedded files found inside.")
    )

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["group", "sha256"], name="one_file_per_group_and_fingerprint")]

    def __str__(self):
        return self.name


class Tag(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="one_tag_per_group_and_name")]

    def __str__(self):
        return self.name


class Wish(models.Model):
    """A member would like the group to read this paper: the first wish proposes it, each further one is interest."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="wishes")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="wishes")
    note = models.CharField(_("why we should read it"), max_length=300, blank=True)
    wished_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["wished_at"]
        constraints = [models.UniqueConstraint(fields=["paper", "membership"], name="one_wish_per_paper_and_member")]


class Lookup(models.Model):
    """A question about one paper to public catalogues, by its arXiv number or DOI.

    `state` is what was heard last; while `next_try_at` is set, the row is on the to-do list of papers/lookup/queue.py.
    """

    WAITING, ASKED, OFF = "waiting", "asked", "off"
    FOUND, NOTHING, MISMATCH = "found", "nothing", "mismatch"
    SLOW, LIMITED, GARBLED = "slow", "limited", "garbled"
    STATES = [
        (WAITING, _("waits to be looked up")),
        (ASKED, _("being looked up")),
        (FOUND, _("found")),
        (NOTHING, _("nothing known")),
        (SLOW, _("no answer")),
        (LIMITED, _("asked to wait")),
        (GARBLED, _("no usable answer")),
        (MISMATCH, _("another title")),
        (OFF, _("switched off")),
    ]
    WANTED, KEPT, TWIN, TOO_LARGE, REFUSED = "wanted", "kept", "twin", "too_large", "refused"
    # what became of the PDF that belongs to it; "" when none was wanted
    PDF = [(code, code) for code in (WANTED, KEPT, TWIN, TOO_LARGE, REFUSED, NOTHING, SLOW, LIMITED, GARBLED)]

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="lookups")
    asked_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(default=now)
    pasted = models.BooleanField(default=False, help_text=_("A person asked; otherwise the number stood in the PDF."))
    kind = models.CharField(max_length=10, choices=[("arxiv", "arXiv"), ("doi", "DOI")])
    identifier = models.CharField(max_length=200)
    version = models.CharField(max_length=5, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=WAITING)
    source = models.CharField(max_length=10, blank=True, help_text=_("Who answered."))
    record = models.JSONField(default=dict, blank=True)
    pdf = models.CharField(max_length=10, choices=PDF, blank=True)
    set_aside = models.BooleanField(default=False, help_text=_("Somebody has looked and keeps the card as it is."))
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, default=now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "kind", "identifier"], name="one_lookup_per_paper_and_identifier")
        ]
        indexes = [models.Index(fields=["next_try_at"], name="lookup_due", condition=Q(next_try_at__isnull=False))]

    def __str__(self):
        return f"arXiv:{self.identifier}{self.version}" if self.kind == "arxiv" else self.identifier

    @property
    def is_on_its_way(self):
        """An answer may come any second: a page that shows it asks again."""
        fetching = self.state == self.FOUND and self.pdf == self.WANTED
        return bool(self.next_try_at) and (self.state in {self.WAITING, self.ASKED} or fetching)


class Source(models.Model):
    """A public catalogue that is asked: by one worker at a time, and not before `free_at`."""

    name = models.CharField(max_length=20, primary_key=True)
    free_at = models.DateTimeField(default=now)

    def __str__(self):
        return self.name


class PaperText(models.Model):
    """What search looks in: bigram tokens (see papers/search/index.py) of the card and of every page, and the pages' text."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="text", primary_key=True)
    body = models.TextField(blank=True)
    title_tokens = models.TextField(blank=True)
    card_tokens = models.TextField(blank=True)
    body_tokens = models.TextField(blank=True)


class ReadingList(models.Model):
    """What a .bib file holds that somebody sent: kept while they look at it, gone when its papers are on the shelf."""

    by = models.ForeignKey(Membership, models.CASCADE, related_name="reading_lists")
    sent_at = models.DateTimeField(default=now)
    name = models.CharField(max_length=200)
    encoding = models.CharField(max_length=20)
    cards = models.JSONField(default=list)  # [[line, {field: value}]]
    broken = models.JSONField(default=list)  # [[line, key, reason]]

    def __str__(self):
        return self.name


UPLOAD_LIMIT = settings.UPLOAD_LIMIT_MB * 1024 * 1024
