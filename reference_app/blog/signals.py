"""What blogs announce."""

from django.dispatch import Signal

# Sent once a publication is committed; a receiver that fails stops no other one.
# Arguments: blog_uuid.
blog_published = Signal()
