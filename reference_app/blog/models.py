"""Blogs and what belongs to them."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Count, F, Func, Q, Value
from django.db.models.lookups import Exact
from django.utils import timezone
from django_fsm import FSMField, FSMModelMixin, transition

from blog.rights import fields_granted_to, may_change_every_field
from blog.states import AnyUser, State, has_content, is_author, may_archive, may_review
from blog.validators import validate_metadata
from common.models import PublicModel, TimestampedModel

# By the date in UTC; one that was withdrawn or deleted again has taken place, too.
MAX_PUBLICATIONS_A_DAY = 10

# The index and the queries have to spell it alike.
SEARCH_CONFIG = "english"
SEARCH_VECTOR = SearchVector("title", "content", config=SEARCH_CONFIG)


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags, chosen by what has them."""

    def in_use(self) -> "TagQuerySet":
        """Return the tags of what everyone may read; each knows how many blogs that are."""
        counted = Count("blogs", filter=Q(blogs__state=State.PUBLISHED))
        return self.annotate(blogs_count=counted).filter(blogs_count__gt=0).order_by("name")


class Tag(PublicModel):
    """What a blog is about."""

    name = models.CharField(max_length=50, unique=True)
    slug = models.SlugField(unique=True)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class BlogQuerySet(models.QuerySet["Blog"]):
    """Blogs, chosen by who asks."""

    def published(self) -> "BlogQuerySet":
        """Return what everyone may read."""
        return self.filter(state=State.PUBLISHED)

    def written_by(self, user: AnyUser) -> "BlogQuerySet":
        """Return this user's own."""
        return self.filter(author__user_id=user.pk)

    def visible_to(self, user: AnyUser) -> "BlogQuerySet":
        """Return what this user may read.

        Everyone reads what is published, authors their own, reviewers what waits for
        them and what was archived, and who may change every blog, or one field of it, reads
        every blog.
        """
        if may_change_every_field(user) or fields_granted_to(user):
            return self
        visible = Q(state=State.PUBLISHED)
        if user.is_authenticated:
            visible |= Q(author__user=user)
        if user.has_perm("blog.review_blog"):
            visible |= Q(state__in=[State.SUBMITTED, State.REVIEWED, State.ARCHIVED])
        return self.filter(visible)

    def due(self, now: datetime) -> "BlogQuerySet":
        """Return what was scheduled for this time or an earlier one, the longest overdue first."""
        scheduled = self.filter(state=State.REVIEWED, publish_at__lte=now)
        return scheduled.order_by("publish_at", "pk")

    def search(self, words: str) -> "BlogQuerySet":
        """Return what has these words in its title or content, spelled as in a web search."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.annotate(searched=SEARCH_VECTOR).filter(searched=query)

    def with_relations(self) -> "BlogQuerySet":
        """Load what an answer shows in a number of queries that does not grow."""
        return self.select_related("author", "cover", "continues").prefetch_related("tags")


class Blog(FSMModelMixin, PublicModel):
    """A text on its way from its author to its readers."""

    # Nobody else can answer for a blog, so it goes with its author.
    author = models.ForeignKey("author.Author", on_delete=models.CASCADE, related_name="blogs")
    title = models.CharField(max_length=200)
    content = models.TextField(blank=True, max_length=100_000)
    state = FSMField(default=State.DRAFT, choices=State.choices, protected=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    publish_at = models.DateTimeField(null=True, blank=True, editable=False)
    # A sequel outlives what it continues. It has a partial index instead of a full one.
    continues = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        related_name="continued_by",
    )
    metadata = models.JSONField(
        default=dict, db_default={}, blank=True, validators=[validate_metadata]
    )
    tags = models.ManyToManyField(Tag, through="BlogTag", related_name="blogs", blank=True)

    objects = BlogQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("review_blog", "Can review and publish blogs"),
            ("change_blog_title", "Can change the title of every blog"),
            ("change_blog_content", "Can change the content of every blog"),
        ]
        indexes = [
            models.Index(fields=["state", "-created_at"], name="blog_state_created"),
            # Who is logged in reads the own blogs, too: no state to look up first.
            models.Index(fields=["-created_at", "-id"], name="blog_newest"),
            models.Index(fields=["state", "-published_at"], name="blog_state_published"),
            models.Index(fields=["state", "title"], name="blog_state_title"),
            GinIndex(SEARCH_VECTOR, name="blog_search"),
            models.Index(
                fields=["continues"],
                condition=Q(continues__isnull=False),
                name="blog_continued",
            ),
            models.Index(
                fields=["publish_at"],
                condition=Q(publish_at__isnull=False),
                name="blog_scheduled",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="blog_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.PUBLISHED, State.ARCHIVED], published_at__isnull=False)
                | ~Q(state__in=[State.PUBLISHED, State.ARCHIVED]) & Q(published_at__isnull=True),
                name="blog_has_time_once_published",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(state=State.REVIEWED),
                name="blog_scheduled_is_reviewed",
            ),
            # Older than what continues it, so that no blog leads back to itself.
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | Q(continues__lt=F("id")),
                name="blog_continues_an_earlier_one",
            ),
            models.CheckConstraint(
                condition=Exact(
                    Func(F("metadata"), function="jsonb_typeof", output_field=models.TextField()),
                    Value("object"),
                ),
                name="blog_metadata_is_an_object",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Read an emptied box of a form as no metadata."""
        super().clean()
        if self.metadata is None:
            self.metadata = {}

    @transition(
        state,
        source=State.DRAFT,
        target=State.SUBMITTED,
        conditions=[has_content],
        permission=is_author,
    )
    def submit(self) -> None:
        """The author asks for a review."""

    @transition(state, source=State.SUBMITTED, target=State.REVIEWED, permission=may_review)
    def review(self) -> None:
        """A reviewer finds it fit to print."""

    @transition(
        state,
        source=[State.SUBMITTED, State.REVIEWED],
        target=State.DRAFT,
        permission=may_review,
    )
    def reject(self) -> None:
        """A reviewer gives it back."""
        self.publish_at = None

    @transition(state, source=State.REVIEWED, target=None, permission=may_review)
    def schedule(self, *, publish_at: datetime) -> None:
        """A reviewer says when it is to be shown; the state stays."""
        self.publish_at = publish_at

    @transition(state, source=State.REVIEWED, target=State.PUBLISHED, permission=may_review)
    def publish(self) -> None:
        """A reviewer shows it to everyone, or the time has come for which it was scheduled."""
        self.published_at = timezone.now()
        self.publish_at = None

    @transition(state, source=State.PUBLISHED, target=State.ARCHIVED, permission=may_archive)
    def archive(self) -> None:
        """It had its time: readers no longer see it."""

    @transition(
        state,
        source=[State.SUBMITTED, State.REVIEWED, State.PUBLISHED],
        target=State.DRAFT,
        permission=is_author,
    )
    def withdraw(self) -> None:
        """The author takes it back, to write on."""
        self.published_at = None
        self.publish_at = None


class DailyPublications(TimestampedModel):
    """How many publications an author had on one day."""

    author = models.ForeignKey("author.Author", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "day"], name="blog_one_count_a_day"),
            models.CheckConstraint(
                condition=Q(count__lte=MAX_PUBLICATIONS_A_DAY), name="blog_no_day_is_overfull"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author_id}: {self.count} on {self.day}"


class IdempotencyKey(TimestampedModel):
    """What a client called one creation, so that asking again makes nothing new."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    # With the blog gone there is nothing to answer with: the key is free again.
    blog = models.ForeignKey(Blog, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="blog_one_creation_a_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="blog_keys_by_age")]

    def __str__(self) -> str:
        return self.key


class BlogTag(TimestampedModel):
    """A tag on a blog."""

    blog = models.ForeignKey(Blog, on_delete=models.CASCADE)
    # A tag in use would vanish from published blogs: take it off them first.
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blog", "tag"], name="blog_blogtag_tagged_once")
        ]

    def __str__(self) -> str:
        return f"{self.blog_id}: {self.tag_id}"


class CoverImage(PublicModel):
    """The picture of a blog."""

    blog = models.OneToOneField(Blog, on_delete=models.CASCADE, related_name="cover")
    image = models.ImageField(upload_to="covers/")

    def __str__(self) -> str:
        return self.image.name


class Comment(PublicModel):
    """What a reader says about a blog."""

    blog = models.ForeignKey(Blog, on_delete=models.CASCADE, related_name="comments")
    # What somebody said goes with the account, as a person who deletes it expects.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments"
    )
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["blog", "created_at", "id"], name="blog_comments_in_order")]

    def __str__(self) -> str:
        return self.text[:50]
