from django.urls import path

from . import correction_views, own_record_views, people_views, views

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
