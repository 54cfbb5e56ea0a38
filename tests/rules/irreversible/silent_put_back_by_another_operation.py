from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX blog_title ON blog_blog (title)", "DROP INDEX blog_title"),
    ]


# --- new
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0002_earlier")]

    operations = [
        migrations.RunSQL("DROP INDEX blog_title", migrations.RunSQL.noop),
        migrations.RunSQL(migrations.RunSQL.noop, "CREATE INDEX blog_title ON blog_blog (title)"),
    ]
