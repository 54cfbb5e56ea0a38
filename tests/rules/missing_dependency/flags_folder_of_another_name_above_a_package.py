# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# both: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("log", "0001_initial")]
# file: blog/0001_start.py
class Migration(migrations.Migration):
    dependencies = []
# file: blog/0003_note.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0002_gone"), ("blog", "0001_start")]
