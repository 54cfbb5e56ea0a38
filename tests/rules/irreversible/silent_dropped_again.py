from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE a (id int); ALTER TABLE a RENAME TO b; ALTER TABLE x RENAME TO y; CREATE TEMP TABLE t (id int); CREATE TABLE gone (id int); DROP TABLE gone; ALTER TABLE blog_post ADD c text", "DROP TABLE b; ALTER TABLE blog_post DROP c, DROP CONSTRAINT d"),
        migrations.RunSQL("DO $$ BEGIN CREATE TABLE c (id int); END $$", "DROP SCHEMA public CASCADE"),
        migrations.RunSQL("ALTER TABLE blog_post ADD COLUMN IF NOT EXISTS d int", ""),
        migrations.RunSQL('CREATE TABLE e (id int)', "DO $$ BEGIN EXECUTE format('DROP TABLE %I', 'e'); END $$"),
    ]
