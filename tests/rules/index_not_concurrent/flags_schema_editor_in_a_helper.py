# file: blog/helpers.py
def index(apps, schema_editor):
    schema_editor.add_index(apps.get_model("blog", "Blog"), models.Index(fields=["title"], name="by_title"))
# both: blog/migrations/0001_initial.py
class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Blog", [("title", models.TextField())])]
# file: blog/migrations/0002_index.py
from django.db import migrations, models
from blog.helpers import index


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]
    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
