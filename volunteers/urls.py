from django.urls import path

from . import views

app_name = "volunteers"

urlpatterns = [
    path("activities/", views.Activities.as_view(), name="activities"),
    path("activities/log/new/", views.LogActivity.as_view(step="new"), name="log_new"),
    path("activities/log/<uuid:draft>/", views.LogActivity.as_view(), name="log"),
    path("activities/log/<uuid:draft>/check/", views.LogActivity.as_view(step="check"), name="log_check"),
    path("activities/<slug:code>/", views.OneActivity.as_view(), name="activity"),
    path("activities/<slug:code>/receipt/", views.Receipt.as_view(), name="receipt"),
    path("activities/<slug:code>/correct/", views.CorrectActivity.as_view(step="new"), name="correct_new"),
    path("activities/<slug:code>/correct/<uuid:draft>/", views.CorrectActivity.as_view(), name="correct"),
    path(
        "activities/<slug:code>/correct/<uuid:draft>/check/",
        views.CorrectActivity.as_view(step="check"),
        name="correct_check",
    ),
]
