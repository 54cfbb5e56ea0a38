from django.db import migrations


class Migration(migrations.Migration):
    def apply(self, project_state, schema_editor, collect_sql=False):
        return super().apply(project_state, schema_editor, collect_sql)
