"""Routes of authors, below /v1/authors/."""

from django.urls import path

from author import api

app_name = "author"
urlpatterns = [
    path("", api.AuthorListView.as_view(), name="list"),
    path("<uuid:uuid>/", api.AuthorView.as_view(), name="detail"),
    path("<uuid:uuid>/followers/", api.FollowerListView.as_view(), name="followers"),
    path("<uuid:uuid>/followers/me/", api.FollowView.as_view(), name="follow"),
    path("<uuid:uuid>/following/", api.FollowingListView.as_view(), name="following"),
]
