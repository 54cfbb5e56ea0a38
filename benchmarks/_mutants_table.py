"""Changes to the reference app that a test has to notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One change that breaks a promise of the app.

    Attributes:
        promise: what no longer holds.
        path: the file, relative to `reference_app`.
        old: the text that is replaced, once.
        new: what stands there then.
        tests: the tests that are run, as labels below `tests.reference_app`.
    """

    promise: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...] = ("integration",)


SETTINGS = "config/settings/base.py"
BLOG_LIST = (
    "queryset = Blog.objects.none()\n\n    def get_queryset(self) -> QuerySet[Blog]:\n        "
)

MUTANTS = (
    # Limits
    Mutant("nine publications a day", "blog/models.py", "_DAY = 10", "_DAY = 9"),
    Mutant("eleven publications a day", "blog/models.py", "_DAY = 10", "_DAY = 11"),
    Mutant(
        "pages of any size", "common/pagination.py", "max_page_size = 100", "max_page_size = None"
    ),
    Mutant("pieces of any size", "common/pagination.py", "max_limit = 100", "max_limit = None"),
    Mutant(
        "cursor pages of any size",
        "common/pagination.py",
        "max_page_size = 100\n\n    def decode",
        "max_page_size = None\n\n    def decode",
    ),
    Mutant("drafts in any number", "blog/serializers.py", "MAX_DRAFTS = 20", "MAX_DRAFTS = 21"),
    Mutant("one tag more", "blog/serializers.py", "MAX_TAGS = 10", "MAX_TAGS = 11"),
    # Permissions
    Mutant(
        "everything open by default",
        SETTINGS,
        '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]',
        '"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]',
        ("integration", "unit"),
    ),
    Mutant(
        "everyone has every permission",
        "accounts/models.py",
        "    def __str__(self) -> str:\n        return self.email",
        "    def has_perm(self, perm, obj=None) -> bool:\n        return True\n\n"
        "    def __str__(self) -> str:\n        return self.email",
    ),
    Mutant(
        "reviewers publish their own",
        "blog/states.py",
        'user.has_perm("blog.review_blog") and not is_author(blog, user)',
        'user.has_perm("blog.review_blog")',
    ),
    Mutant("drafts are everyone's", "blog/models.py", "return self.filter(visible)", "return self"),
    Mutant(
        "any profile is anyone's",
        "author/api.py",
        'request.method == "PATCH" and obj.user_id != request.user.pk',
        "False",
    ),
    Mutant(
        "an expired token opens",
        "accounts/authentication.py",
        "device.expiry is not None and device.expiry <= timezone.now()",
        "False",
    ),
    Mutant(
        "an inactive user's token opens",
        "accounts/authentication.py",
        "if not device.user.is_active:",
        "if False:",
    ),
    # States
    Mutant(
        "anyone submits",
        "blog/models.py",
        "        conditions=[has_content],\n        permission=is_author,",
        "        conditions=[has_content],",
    ),
    Mutant(
        "what is empty is submitted", "blog/models.py", "        conditions=[has_content],\n", ""
    ),
    Mutant(
        "what nobody reviewed is published",
        "blog/models.py",
        "source=State.REVIEWED, target=State.PUBLISHED",
        'source="*", target=State.PUBLISHED',
    ),
    Mutant(
        "states are set by hand", "blog/models.py", "protected=True", "protected=False", ("unit",)
    ),
    Mutant(
        "two publish one blog",
        "blog/_private.py",
        '.select_related("author").select_for_update(of=("self",))\n    return get_object_or_404(l',
        '.select_related("author")\n    return get_object_or_404(l',
    ),
    # Serializers
    Mutant(
        "a field is dropped",
        "blog/serializers.py",
        '            "continues",\n',
        "",
        ("integration",),
    ),
    Mutant(
        "an email leaks to everyone",
        "author/serializers.py",
        '    class Meta:\n        model = Follow\n        fields = ["name", "since"]',
        '    email = serializers.CharField(source="follower.email", read_only=True)\n\n'
        '    class Meta:\n        model = Follow\n        fields = ["name", "email", "since"]',
    ),
    Mutant(
        "the state is written", "blog/serializers.py", '["state", "publish_at",', '["publish_at",'
    ),
    Mutant(
        "unknown fields are swallowed",
        "common/serializers.py",
        "        if unknown:\n            raise serializers.ValidationError(\n"
        "                {name: field_error(CommonError.FIELD_UNKNOWN).detail for name in unknown}",
        "        if False:\n            raise serializers.ValidationError(\n"
        "                {name: field_error(CommonError.FIELD_UNKNOWN).detail for name in unknown}",
    ),
    Mutant(
        "another's blog is continued",
        "blog/serializers.py",
        'Blog.objects.written_by(self.context["request"].user)',
        "Blog.objects.all()",
    ),
    Mutant(
        "chosen fields are ignored",
        "common/serializers.py",
        "return None if text is None else",
        "return None if text or text is None else",
    ),
    # Signals and tasks
    Mutant(
        "the author's mail is sent in the request",
        "author/receivers.py",
        "mail_publication.delay(str(blog_uuid))",
        "mail_publication(str(blog_uuid))",
        ("signals", "celery"),
    ),
    Mutant(
        "followers are told in the request",
        "author/receivers.py",
        "fan_out_publication.delay(str(blog_uuid))",
        "fan_out_publication(str(blog_uuid))",
        ("signals", "celery"),
    ),
    Mutant(
        "the proof is mailed in the request",
        "accounts/receivers.py",
        "mail_verification.delay(email)",
        "mail_verification(email)",
        ("signals", "celery", "integration"),
    ),
    Mutant(
        "the author's receiver is not connected",
        "author/receivers.py",
        '@receiver(blog_published, dispatch_uid="author.tell_author")\n',
        "",
        ("signals",),
    ),
    Mutant(
        "the followers' receiver is not connected",
        "author/receivers.py",
        '@receiver(blog_published, dispatch_uid="author.tell_followers")\n',
        "",
        ("signals",),
    ),
    Mutant(
        "publications are announced before the commit",
        "blog/_publication.py",
        "transaction.on_commit(lambda: _announce(blog.uuid), robust=True)",
        "_announce(blog.uuid)",
        ("signals", "integration"),
    ),
    Mutant(
        "a registration is mailed before the commit",
        "accounts/receivers.py",
        "transaction.on_commit(lambda: mail_verification.delay(email), robust=True)",
        "mail_verification.delay(email)",
        ("signals", "integration", "celery"),
    ),
    Mutant(
        "a mail that was sent is sent again",
        "author/_deliveries.py",
        "unsent = deliveries.filter(sent_at=None)",
        "unsent = deliveries",
        ("celery",),
    ),
    Mutant(
        "the mark of a sent mail is not kept",
        "author/_deliveries.py",
        '        delivery.save(update_fields=["sent_at", "updated_at"])\n',
        "",
        ("celery",),
    ),
    # Lists
    Mutant("no search", "blog/filters.py", "return queryset.search(words)", "return queryset"),
    Mutant(
        "no filter by tag",
        "blog/filters.py",
        'field_name="tags__slug", max_length=50)',
        "method=lambda queryset, name, value: queryset, max_length=50)",
    ),
    Mutant(
        "no filter by state",
        "blog/filters.py",
        "django_filters.ChoiceFilter(choices=State.choices)",
        "django_filters.ChoiceFilter(\n        choices=State.choices, "
        "method=lambda queryset, name, value: queryset\n    )",
    ),
    Mutant(
        "no filter by author",
        "blog/filters.py",
        'field_name="author__uuid")',
        "method=lambda queryset, name, value: queryset)",
    ),
    Mutant("after is before", "blog/filters.py", 'lookup_expr="gte"', 'lookup_expr="lte"'),
    Mutant("no ordering", "blog/filters.py", "if not value:", "if True:"),
    Mutant(
        "an ordering less",
        "blog/filters.py",
        'fields=["created_at", "published_at", "title"]',
        'fields=["created_at", "published_at"]',
    ),
    Mutant(
        "a query for each author and cover",
        "blog/models.py",
        'self.select_related("author", "cover", "continues")',
        "self",
    ),
    Mutant("a query for each blog's tags", "blog/models.py", '.prefetch_related("tags")', ""),
    Mutant(
        "a query for each comment's user",
        "blog/api_comments.py",
        '.select_related("user")',
        ".all()",
    ),
    Mutant(
        "a query for each follower",
        "author/_private.py",
        '.filter(author=author).select_related("follower")',
        ".filter(author=author)",
    ),
    # The database
    Mutant(
        "statements without an end",
        "config/services.py",
        '    options["options"] = f"-c statement_timeout={statement_timeout_ms}"\n',
        "",
        ("unit", "integration"),
    ),
    Mutant(
        "a connection for each request",
        "config/services.py",
        '"CONN_MAX_AGE": 60',
        '"CONN_MAX_AGE": 0',
        ("unit",),
    ),
    Mutant(
        "a client's key makes two blogs",
        "blog/_private.py",
        'IdempotencyKey.objects.select_related("blog").get_or_create(',
        'IdempotencyKey.objects.select_related("blog").update_or_create(',
    ),
    Mutant(
        "a change overwrites an unseen one",
        "blog/_private.py",
        "    check(blog)\n    if earlier",
        "    if earlier",
    ),
)
