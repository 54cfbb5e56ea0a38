from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RenameModel("Tagging", "Label"),
        migrations.RunSQL(
            "CREATE VIEW blog_tagging AS SELECT * FROM blog_label", "DROP VIEW blog_tagging"
        ),
    ]
