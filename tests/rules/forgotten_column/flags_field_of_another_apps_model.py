# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Page", [("id", models.BigAutoField(primary_key=True)), ("title", models.TextField())]),
    ]


# both: wiki/migrations/0001_initial.py
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Page", [("id", models.BigAutoField(primary_key=True)), ("title", models.TextField())]),
    ]


# file: wiki/migrations/0002_null.py
class Migration(migrations.Migration):
    dependencies = [("wiki", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterField("page", "title", models.TextField(null=True))],
        ),
    ]


# file: blog/migrations/0002_forget.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("page", "title")]),
    ]
