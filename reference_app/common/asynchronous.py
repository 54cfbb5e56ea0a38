"""Views of the API that wait without holding a thread."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from rest_framework.response import Response
from rest_framework.views import APIView


class AsyncAPIView(APIView):
    """An APIView whose handlers are coroutines; for reading."""

    http_method_names = ["get", "head"]

    async def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """Do what APIView does, with the checks (they ask the database) in a thread."""
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            await sync_to_async(self.initial)(self.request, *args, **kwargs)
            name = request.method.lower()
            known = name in self.http_method_names
            handler = getattr(self, name) if known else self.http_method_not_allowed
            response = await handler(self.request, *args, **kwargs)
        except Exception as error:
            response = await sync_to_async(self.handle_exception)(error)
        return self.finalize_response(self.request, response, *args, **kwargs)
