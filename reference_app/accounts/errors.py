"""The error codes of accounts."""

from common.errors import ErrorCode


class AccountError(ErrorCode):
    """What can be wrong with an account, a password or a token."""

    WRONG_CREDENTIALS = ("ACC0001", 401, "The email or the password is wrong.")
    TOKEN_INVALID = ("ACC0002", 401, "The token is not valid. Log in again.")
    TOKEN_EXPIRED = ("ACC0003", 401, "The token has expired. Log in again.")
    USER_INACTIVE = ("ACC0004", 401, "This account is not active.")
    LINK_INVALID = ("ACC0005", 400, "The link is not valid, or it was used already.")
    LINK_EXPIRED = ("ACC0006", 400, "The link has expired. Ask for a new one.")
    SOCIAL_FLOW_INVALID = (
        "ACC0007",
        400,
        "This login did not begin here, or took too long. Begin again.",
    )
    SOCIAL_REFUSED = ("ACC0008", 400, "The provider does not accept this login. Begin again.")
    SOCIAL_UNAVAILABLE = ("ACC0009", 502, "The provider does not answer as it should.")
    SOCIAL_EMAIL_UNVERIFIED = (
        "ACC0010",
        403,
        "The provider has not verified your email. Verify it there, or register here.",
    )
    LINK_OF_ANOTHER = ("ACC0011", 403, "The link is for another account. Log in with that one.")

    EMAIL_TAKEN = ("ACC0101", 400, "There is already an account with this email.")
    PASSWORD_WEAK = ("ACC0102", 400, "The password is too easy to guess.")
    PASSWORD_TOO_SHORT = ("ACC0103", 400, "The password is too short.")
    PASSWORD_TOO_COMMON = ("ACC0104", 400, "The password is too common.")
    PASSWORD_ENTIRELY_NUMERIC = ("ACC0105", 400, "The password is entirely numeric.")
    PASSWORD_TOO_SIMILAR = ("ACC0106", 400, "The password is too similar to your name or email.")
    EMAIL_NOT_ASCII = (
        "ACC0107",
        400,
        "Write the email in ASCII letters, such as a@xn--bcher-kva.de.",
    )
    PASSWORD_WRONG = ("ACC0108", 400, "The password is wrong.")
