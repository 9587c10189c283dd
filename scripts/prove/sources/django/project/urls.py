import os

from django.db import connection
from django.http import HttpResponse
from django.urls import path


def query(request):
    with connection.cursor() as cursor:
        cursor.execute(os.environ["PROVE_SQL"])
    return HttpResponse("ok")


urlpatterns = [path("ready", lambda request: HttpResponse("ok")), path("", query)]
