"""Makes the groups that people are put into."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.public import ROLES, make_roles


class Command(BaseCommand):
    """`manage.py make_roles`; running it again adds only what is missing."""

    help = f"Make the groups {' and '.join(ROLES)} with their permissions; what is there stays."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the groups, and say what they could not be given."""
        for name in make_roles():
            self.stderr.write(f"There is no permission {name} yet. Run `manage.py migrate` first.")
        self.stdout.write(f"{', '.join(ROLES)}: the groups are there.")
