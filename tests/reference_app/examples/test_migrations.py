from quality_harness.testing.migration_case import MigrationTestCase


class MetadataTests(MigrationTestCase):
    migrate_from = (("blog", "0003"),)

    def test_blogs_of_before_have_empty_metadata(self) -> None:
        user = self.apps.get_model("accounts", "User").objects.create(email="ann@example.com")
        author = self.apps.get_model("author", "Author").objects.create(user=user)
        self.apps.get_model("blog", "Blog").objects.create(author=author, title="Old")
        self.migrate(("blog", "0004"))
        blog = self.apps.get_model("blog", "Blog").objects.get(title="Old")
        self.assertEqual(blog.metadata, {})
