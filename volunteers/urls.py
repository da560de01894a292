from django.urls import path

from . import plan_views, views

app_name = "volunteers"

urlpatterns = [
    path("activities/", views.Activities.as_view(), name="activities"),
    path("activities/log/new/", views.LogActivity.as_view(step="new"), name="log_new"),
    path("activities/log/<uuid:draft>/", views.LogActivity.as_view(), name="log"),
    path("activities/log/<uuid:draft>/check/", views.LogActivity.as_view(step="check"), name="log_check"),
    path("activities/plan/new/", plan_views.PlanActivity.as_view(step="new"), name="plan_new"),
    path("activities/plan/<uuid:draft>/", plan_views.PlanActivity.as_view(), name="plan"),
    path(
        "activities/plan/<uuid:draft>/check/",
        plan_views.PlanActivity.as_view(step="check"),
        name="plan_check",
    ),
    path("activities/<slug:code>/", views.OneActivity.as_view(), name="activity"),
    path("activities/<slug:code>/receipt/", views.Receipt.as_view(), name="receipt"),
    path("activities/<slug:code>/correct/", views.CorrectActivity.as_view(step="new"), name="correct_new"),
    path("activities/<slug:code>/correct/<uuid:draft>/", views.CorrectActivity.as_view(), name="correct"),
    path(
        "activities/<slug:code>/correct/<uuid:draft>/check/",
        views.CorrectActivity.as_view(step="check"),
        name="correct_check",
    ),
    path("activities/<slug:code>/replan/", plan_views.ChangePlan.as_view(step="new"), name="replan_new"),
    path("activities/<slug:code>/replan/<uuid:draft>/", plan_views.ChangePlan.as_view(), name="replan"),
    path(
        "activities/<slug:code>/replan/<uuid:draft>/check/",
        plan_views.ChangePlan.as_view(step="check"),
        name="replan_check",
    ),
    path("activities/<slug:code>/hours/", plan_views.LogHours.as_view(step="new"), name="hours_new"),
    path("activities/<slug:code>/hours/<uuid:draft>/", plan_views.LogHours.as_view(), name="hours"),
    path(
        "activities/<slug:code>/hours/<uuid:draft>/check/",
        plan_views.LogHours.as_view(step="check"),
        name="hours_check",
    ),
    path("activities/<slug:code>/sign-ups/", plan_views.SignUps.as_view(), name="sign_ups"),
    path("activities/<slug:code>/cancel/", plan_views.CancelActivity.as_view(), name="cancel"),
    path("activities/<slug:code>/check-in/", plan_views.CheckInDesk.as_view(), name="check_in"),
    path("activities/<slug:code>/check-in/poster.pdf", plan_views.Poster.as_view(), name="poster"),
    path("activities/<slug:code>/roll.pdf", plan_views.SigningRoll.as_view(), name="roll"),
    path("check-ins/unknown/<int:person_id>/", plan_views.Resolve.as_view(), name="unknown"),
    path("service-records/<int:record_id>/", plan_views.OneRecord.as_view(), name="record"),
]
