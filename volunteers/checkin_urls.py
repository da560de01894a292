from django.urls import path

from . import checkin_views

app_name = "checkin"

urlpatterns = [path("checkin/<slug:code>/", checkin_views.Desk.as_view(), name="desk")]
