from django.urls import path

from . import correction_views, day_views, own_record_views, people_views, plan_views, views

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
    path("activities/<slug:code>/hours/", plan_views.LogHours.as_view(step="new"), name="log_hours_new"),
    path("activities/<slug:code>/hours/<uuid:draft>/", plan_views.LogHours.as_view(), name="log_hours"),
    path(
        "activities/<slug:code>/hours/<uuid:draft>/check/",
        plan_views.LogHours.as_view(step="check"),
        name="log_hours_check",
    ),
    path("activities/<slug:code>/sign-ups/", plan_views.SignUps.as_view(), name="sign_ups"),
    path("activities/<slug:code>/cancel/", plan_views.CancelActivity.as_view(), name="cancel"),
    path("activities/<slug:code>/check-in/", day_views.CheckInDesk.as_view(), name="check_in"),
    path("activities/<slug:code>/check-in/poster.pdf", day_views.Poster.as_view(), name="poster"),
    path("activities/<slug:code>/roll.pdf", day_views.SigningRoll.as_view(), name="roll"),
    path("check-ins/unknown/<int:person_id>/", day_views.Resolve.as_view(), name="unknown"),
    path("service-records/<int:record_id>/", day_views.OneRecord.as_view(), name="record"),
    path("volunteers/", people_views.People.as_view(), name="people"),
    path("volunteers/register/new/", people_views.RegisterVolunteer.as_view(step="new"), name="register_new"),
    path("volunteers/register/<uuid:draft>/", people_views.RegisterVolunteer.as_view(), name="register"),
    path(
        "volunteers/register/<uuid:draft>/check/",
        people_views.RegisterVolunteer.as_view(step="check"),
        name="register_check",
    ),
    path("volunteers/hours/", people_views.YearlyHours.as_view(), name="hours"),
    path("volunteers/hours/sheet/", people_views.YearlyHoursSheet.as_view(), name="hours_sheet"),
    path("volunteers/corrections/", correction_views.Corrections.as_view(), name="corrections"),
    path("volunteers/corrections/<int:pk>/", correction_views.OneCorrection.as_view(), name="correction"),
    path("volunteers/void/<slug:kind>/<int:pk>/", people_views.VoidGrowth.as_view(), name="void_growth"),
    path(
        "volunteers/put-right/<slug:kind>/<int:pk>/",
        people_views.CorrectGrowth.as_view(),
        name="correct_growth",
    ),
    path("volunteers/<slug:code>/", people_views.OneVolunteer.as_view(), name="person"),
    path(
        "volunteers/<slug:code>/change/new/",
        people_views.ChangeVolunteer.as_view(step="new"),
        name="change_new",
    ),
    path(
        "volunteers/<slug:code>/change/<uuid:draft>/", people_views.ChangeVolunteer.as_view(), name="change"
    ),
    path(
        "volunteers/<slug:code>/change/<uuid:draft>/check/",
        people_views.ChangeVolunteer.as_view(step="check"),
        name="change_check",
    ),
    path("volunteers/<slug:code>/leave/", people_views.Leave.as_view(), name="leave"),
    path("volunteers/<slug:code>/rejoin/", people_views.Rejoin.as_view(), name="rejoin"),
    path("volunteers/<slug:code>/slip/", people_views.Slip.as_view(), name="slip"),
    path("volunteers/<slug:code>/add/<slug:kind>/", people_views.AddGrowth.as_view(), name="add_growth"),
    path("my-service/", own_record_views.MyService.as_view(), name="my_service"),
]
