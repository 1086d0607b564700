"""Django REST framework with Simple JWT; the framework's own errors answer."""

import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="invented",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    USE_TZ=True,
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTStatelessUserAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_THROTTLE_RATES": {"anon": "0/min", "user": "0/min"},
    },
    SIMPLE_JWT={
        "ALGORITHM": "RS256",
        "VERIFYING_KEY": open(os.environ["PUBLIC_KEY"]).read(),
        "AUDIENCE": os.environ["AUDIENCE"],
        "ISSUER": os.environ["ISSUER"],
        "USER_ID_CLAIM": "sub",
    },
)
django.setup()

from django.http import HttpResponseRedirect  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.exceptions import NotFound  # noqa: E402
from rest_framework.permissions import BasePermission  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.throttling import SimpleRateThrottle  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class HasWrite(BasePermission):
    def has_permission(self, request, view):
        return request.auth is not None and "write" in request.auth.get("scope", "").split()


class Always(SimpleRateThrottle):
    rate = "1/day"

    def allow_request(self, request, view):
        return False

    def wait(self):
        return 60


class Me(APIView):
    def get(self, request):
        return Response({})


class Write(Me):
    permission_classes = [HasWrite]


class Thing(APIView):
    def get(self, request, name):
        raise NotFound()


class Limited(Me):
    throttle_classes = [Always]


urlpatterns = [
    path("me", Me.as_view()),
    path("write", Write.as_view()),
    path("things/<name>", Thing.as_view()),
    path("limited", Limited.as_view()),
    path("moved", lambda request: HttpResponseRedirect(f"http://localhost:{os.environ['PORT']}/me")),
]

from django.core.management import execute_from_command_line  # noqa: E402

sys.argv = ["django", "runserver", "--noreload", "--nothreading", f"127.0.0.1:{os.environ['PORT']}"]
execute_from_command_line(sys.argv)
