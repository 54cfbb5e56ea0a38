"""Routes of the login with a session, below /session/."""

from django.urls import path

from accounts import session

# Where the browsable API looks for them.
app_name = "rest_framework"
urlpatterns = [
    path("login/", session.SessionLoginView.as_view(), name="login"),
    path("logout/", session.SessionLogoutView.as_view(), name="logout"),
]
