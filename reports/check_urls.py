from django.urls import path

from . import check

app_name = "reports"

urlpatterns = [path("reports/check/", check.Check.as_view(), name="check")]
