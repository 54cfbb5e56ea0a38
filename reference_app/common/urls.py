"""Routes of the documentation."""

from django.urls import path

from common import api

app_name = "common"
urlpatterns = [
    path("schema/", api.SchemaView.as_view(), name="schema"),
    path("docs/", api.DocumentationView.as_view(), name="docs"),
]
