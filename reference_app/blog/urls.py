"""Routes of blogs, below /v1/."""

from django.urls import path

from blog import api, api_comments

app_name = "blog"
urlpatterns = [
    path("tags/", api.TagListView.as_view(), name="tags"),
    path("tags/cloud/", api.TagCloudView.as_view(), name="tag-cloud"),
    path("blogs/", api.BlogListView.as_view(), name="list"),
    path("blogs/bulk/", api.DraftsView.as_view(), name="bulk"),
    path("blogs/statistics/", api.StatisticsView.as_view(), name="statistics"),
    path("blogs/<uuid:uuid>/", api.BlogView.as_view(), name="detail"),
    path("blogs/<uuid:uuid>/submit/", api.TransitionView.as_view(action="submit"), name="submit"),
    path("blogs/<uuid:uuid>/review/", api.TransitionView.as_view(action="review"), name="review"),
    path("blogs/<uuid:uuid>/reject/", api.TransitionView.as_view(action="reject"), name="reject"),
    path("blogs/<uuid:uuid>/publish/", api.PublicationView.as_view(), name="publish"),
    path(
        "blogs/<uuid:uuid>/withdraw/",
        api.TransitionView.as_view(action="withdraw"),
        name="withdraw",
    ),
    path(
        "blogs/<uuid:uuid>/archive/", api.TransitionView.as_view(action="archive"), name="archive"
    ),
    path("blogs/<uuid:uuid>/schedule/", api.ScheduleView.as_view(), name="schedule"),
    path("blogs/<uuid:uuid>/comments/", api_comments.CommentListView.as_view(), name="comments"),
    path(
        "blogs/<uuid:uuid>/comments/<uuid:comment_uuid>/",
        api_comments.CommentView.as_view(),
        name="comment",
    ),
    path("blogs/<uuid:uuid>/cover/", api_comments.CoverView.as_view(), name="cover"),
]
