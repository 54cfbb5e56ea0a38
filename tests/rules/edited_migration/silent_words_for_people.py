# base: blog/migrations/0001_initial.py
from django.db import migrations, models
from django.utils.translation import ugettext_lazy as _


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel("Post", [("title", models.TextField(verbose_name=_("title")))], options={"verbose_name": _("post")}),
    ]


# file: blog/migrations/0001_initial.py
from django.db import migrations, models
from django.utils.translation import gettext_lazy as _


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel("Post", [("title", models.TextField(verbose_name=_("Title"), help_text=_("one line")))], options={"verbose_name": _("Post"), "verbose_name_plural": _("posts")}),
    ]
