from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN code text DEFAULT public.next_code('blog') NOT NULL", migrations.RunSQL.noop),
    ]
