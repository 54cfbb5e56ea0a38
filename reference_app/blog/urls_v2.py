"""Routes of blogs that have a second version, below /v2/."""

from django.urls import path

from blog import api

app_name = "blog_v2"
urlpatterns = [path("blogs/", api.LeanBlogListView.as_view(), name="list")]
