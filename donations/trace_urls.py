from django.urls import path

from . import trace_views

app_name = "trace"

urlpatterns = [
    path("trace/", trace_views.Enter.as_view(), name="enter"),
    path("trace/<slug:trace_code>/", trace_views.Gift.as_view(), name="gift"),
]
