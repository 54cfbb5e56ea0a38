from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE blog_a (id int); CREATE TABLE blog_b (id int)", "DROP TABLE public.blog_a"),
    ]
