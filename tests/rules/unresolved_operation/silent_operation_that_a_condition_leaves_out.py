from django.db import connection, migrations

STEPS = [migrations.AlterModelOptions("blog", {"ordering": ["id"]})]
if connection.vendor == "mysql":
    STEPS.append(migrations.RunSQL("ALTER TABLE blog_blog ENGINE=InnoDB", migrations.RunSQL.noop))


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = STEPS
