from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE blog_blog ADD COLUMN stars integer DEFAULT 1", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.AddField("blog", "stars", models.IntegerField(null=True)),
        ]),
        migrations.RunSQL("ALTER TABLE blog_blog ADD CONSTRAINT given CHECK (stars IS NOT NULL)", migrations.RunSQL.noop),
    ]
