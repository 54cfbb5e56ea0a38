# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    dependencies = []
# both: blog/migrations/0002_post.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
# file: blog/0001_start.py
class Migration(migrations.Migration):
    dependencies = []
# file: blog/0002_next.py
class Migration(migrations.Migration):
    dependencies = [("blog", "0001_start")]
