"""What accounts announces."""

from django.dispatch import Signal

# Sent inside the transaction of a registration, so that a receiver that fails undoes it.
# Arguments: user_id, name.
user_registered = Signal()
