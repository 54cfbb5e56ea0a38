"""The admin of this project, in place of Django's own."""

from django.contrib.admin.apps import AdminConfig


class SecondFactorAdminConfig(AdminConfig):
    """Django's admin with the project's site as `admin.site`."""

    default_site = "common.admin_site.SecondFactorSite"
