from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN code varchar(8) DEFAULT upper('x'::varchar(8)) CHECK (is_code(code))", migrations.RunSQL.noop),
    ]
