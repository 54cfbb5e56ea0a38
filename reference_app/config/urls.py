"""Every route of the project."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path, register_converter

from common import honeypot
from common.api import HealthView, no_icon
from common.versioning import VersionConverter

register_converter(VersionConverter, "version")

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    *honeypot.routes(settings.ADMIN_PATH),
    path("favicon.ico", no_icon),
    path("session/", include("accounts.session_urls")),
    path("ht/", HealthView.as_view(), name="health"),
    path("<version:version>/", include("common.urls")),
    path("<version:version>/accounts/", include("accounts.urls")),
    path("<version:version>/authors/", include("author.urls")),
    path("v2/", include("blog.urls_v2"), {"version": "v2"}),
    path("<version:version>/", include("blog.urls")),
    # Only where DEBUG is on: elsewhere the web server serves uploaded files.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler400 = "common.api.bad_request"
handler403 = "common.api.permission_denied"
handler404 = "common.api.not_found"
handler500 = "common.api.server_error"
