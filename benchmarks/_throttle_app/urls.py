"""Three views that answer alike."""

import os

from django.conf import settings
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from common.throttling import Scope, limited

handler404 = "common.api.not_found"


class OpenView(APIView):
    """Without limits."""

    authentication_classes = []
    permission_classes = [AllowAny]
    versioning_class = None

    def get(self, request: Request) -> Response:
        """Answer."""
        return Response({"pid": os.getpid()})


class ExactView(OpenView):
    """With the limit of the reference app."""

    throttle_classes = limited(Scope.GENERAL)


class StockThrottle(AnonRateThrottle):
    """The same rate."""

    rate = os.environ["BENCH_STOCK_RATE"]


class StockView(OpenView):
    """With the limit of Django REST framework."""

    throttle_classes = [StockThrottle]


assert settings.THROTTLE_PROXIES == settings.REST_FRAMEWORK["NUM_PROXIES"]
urlpatterns = [
    path("open/", OpenView.as_view()),
    path("exact/", ExactView.as_view()),
    path("stock/", StockView.as_view()),
]
