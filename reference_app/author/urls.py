"""Routes of authors, below /v1/authors/."""

from django.urls import path

from author import api

app_name = "author"
urlpatterns = [
    path("", api.AuthorListView.as_view(), name="list"),
    path("<uuid:uuid>/", api.AuthorView.as_view(), name="detail"),
]
