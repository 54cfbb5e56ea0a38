from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("DROP VIEW blog_totals; CREATE VIEW blog_totals AS SELECT count(*) FROM blog_post"),
    ]
