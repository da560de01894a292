from django.urls import path

from . import signed_views

app_name = "signed"

urlpatterns = [path("signed/<slug:district>/<slug:code>/", signed_views.Batch.as_view(), name="batch")]
