"""Routes of accounts, below /v1/accounts/."""

from django.urls import path

from accounts import api, social_api

app_name = "accounts"
urlpatterns = [
    path("registration/", api.RegistrationView.as_view(), name="registration"),
    path("verification/", api.VerificationView.as_view(), name="verification"),
    path("verification/mail/", api.VerificationMailView.as_view(), name="verification-mail"),
    path("password/", api.PasswordView.as_view(), name="password"),
    path("password/reset/", api.PasswordResetView.as_view(), name="password-reset"),
    path("password/reset/mail/", api.PasswordResetMailView.as_view(), name="password-reset-mail"),
    path("login/", api.LoginView.as_view(), name="login"),
    path("logout/", api.LogoutView.as_view(), name="logout"),
    path("logout/everywhere/", api.logout_everywhere, name="logout-everywhere"),
    path("devices/", api.DeviceListView.as_view(), name="devices"),
    path("devices/<uuid:uuid>/", api.DeviceView.as_view(), name="device"),
    path("jwt/", api.JwtView.as_view(), name="jwt"),
    path("jwt/refresh/", api.JwtRefreshView.as_view(), name="jwt-refresh"),
    path("jwt/revocation/", api.JwtRevocationView.as_view(), name="jwt-revocation"),
    path(
        "social/<slug:provider>/",
        social_api.SocialBeginningView.as_view(),
        name="social-beginning",
    ),
    path(
        "social/<slug:provider>/login/",
        social_api.SocialLoginView.as_view(),
        name="social-login",
    ),
    path("me/", api.MeView.as_view(), name="me"),
]
