"""The error codes of blogs."""

from common.errors import ErrorCode


class BlogError(ErrorCode):
    """What can be wrong with a blog, its comments or its cover."""

    NOT_YOURS = ("BLG0001", 403, "Only the author may change this blog.")
    NOT_ALLOWED = ("BLG0002", 403, "You may not move this blog on.")
    ILLEGAL_TRANSITION = ("BLG0003", 409, "The blog is in a state from which this cannot be done.")
    INCOMPLETE = ("BLG0004", 409, "The blog has no content yet, so it cannot be submitted.")
    NOT_EDITABLE = ("BLG0005", 409, "Only a draft can be changed. Withdraw the blog first.")
    NOT_PUBLISHED = ("BLG0006", 409, "Only a published blog takes comments.")
    COMMENT_NOT_YOURS = ("BLG0007", 403, "Only its writer or the blog's author may delete this.")
    DAY_IS_FULL = ("BLG0008", 409, "The author has had all the publications that a day allows.")
    CHANGED_MEANWHILE = ("BLG0009", 412, "The blog has changed since you read it. Read it again.")
    KEY_TAKEN = ("BLG0010", 409, "This Idempotency-Key came with another body before.")
    KEY_INVALID = ("BLG0011", 400, "An Idempotency-Key has 1 to 100 letters, digits, - or _.")
    FIELD_NOT_YOURS = ("BLG0012", 403, "You may not change these fields of the blog.")

    UNKNOWN_TAG = ("BLG0101", 400, "There is no such tag.")
    COVER_TOO_LARGE = ("BLG0102", 400, "The image is too large.")
    COVER_TYPE = ("BLG0103", 400, "The image has to be a JPEG, PNG or WebP file.")
    COVER_DIMENSIONS = ("BLG0104", 400, "The image is too wide or too high.")
    TIME_IS_PAST = ("BLG0105", 400, "The time has to be in the future.")
    METADATA_TOO_LARGE = ("BLG0106", 400, "The metadata is too large.")
    METADATA_TOO_DEEP = ("BLG0107", 400, "The metadata is nested too deep.")
    CONTINUES_LATER = ("BLG0108", 400, "A blog continues an earlier one of the same author.")
