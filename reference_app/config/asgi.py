"""What an ASGI server serves."""

import os

from django.core.asgi import get_asgi_application

from common.requests import AsynchronousRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_asgi_application()
application.request_class = AsynchronousRequest
