"""The error codes of authors."""

from common.errors import ErrorCode


class AuthorError(ErrorCode):
    """What can be wrong with an author."""

    NO_PROFILE = ("AUT0001", 403, "Your account has no author profile, so it cannot write.")
    NOT_YOURS = ("AUT0002", 403, "Only the author may change this profile.")
    OWN_FOLLOWER = ("AUT0003", 403, "You cannot follow yourself.")
