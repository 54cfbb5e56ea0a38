"""Gives a member of staff what the admin asks for besides the password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from qrcode import QRCode

from accounts.models import User

AUTHENTICATOR = "Authenticator app"
BACKUP_CODES = "Backup codes"
NUMBER_OF_CODES = 10


class Command(BaseCommand):
    """`manage.py add_second_factor ann@example.com`; what an earlier run made stops working."""

    help = (
        "Make a second factor for the admin: a QR code for an authenticator app, and backup codes. "
        "It takes the place of the user's earlier one, as after the loss of a phone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the member of staff")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        """Make the devices and show their secrets, which cannot be shown again.

        Raises:
            CommandError: there is no such user, or the user is no member of staff.
        """
        authenticator, codes = _replace_devices(_member_of_staff(email))
        self.stdout.write("Scan this with an authenticator app, or give it the address below.")
        picture = QRCode()
        picture.add_data(authenticator.config_url)
        picture.print_ascii(out=self.stdout)
        self.stdout.write(authenticator.config_url)
        self.stdout.write(f"\n{BACKUP_CODES}, each good for one login without the phone:")
        self.stdout.write("\n".join(codes))


def _member_of_staff(email: str) -> User:
    try:
        user = User.objects.get_by_natural_key(email)
    except User.DoesNotExist:
        raise CommandError(
            f"There is no user {email}. Make one: python manage.py createsuperuser"
        ) from None
    if not user.is_staff:
        raise CommandError(
            f'{email} is not staff, so the admin stays closed. Set "Is staff" in the admin first.'
        )
    return user


@transaction.atomic
def _replace_devices(user: User) -> tuple[TOTPDevice, list[str]]:
    # Two runs at once would else leave two sets behind.
    User.objects.select_for_update().get(pk=user.pk)
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    authenticator = TOTPDevice.objects.create(user=user, name=AUTHENTICATOR)
    backup = StaticDevice.objects.create(user=user, name=BACKUP_CODES)
    codes = [StaticToken.random_token() for _ in range(NUMBER_OF_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=backup, token=code) for code in codes)
    return authenticator, codes
