from django.db import migrations


class Migration(migrations.Migration):
    state_operations = [migrations.RemoveField("blog", "subtitle")]
    operations = [migrations.SeparateDatabaseAndState(state_operations=state_operations)]
