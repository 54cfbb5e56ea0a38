from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE TABLE archive.blog_old (id bigint); CREATE TABLE public.blog_new (id bigint)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("TRUNCATE archive.blog_old, blog_new", migrations.RunSQL.noop),
    ]
