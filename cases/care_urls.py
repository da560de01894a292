"""The organisations' pages of care: visits and contacts, needs and claims."""

from django.urls import path

from . import need_views, visit_views

app_name = "care"

urlpatterns = [
    path("visits/", visit_views.Visits.as_view(), name="visits"),
    path("visits/log/new/", visit_views.LogVisit.as_view(step="new"), name="log_new"),
    path("visits/log/<uuid:draft>/", visit_views.LogVisit.as_view(), name="log"),
    path("visits/log/<uuid:draft>/check/", visit_views.LogVisit.as_view(step="check"), name="log_check"),
    path("visits/<slug:code>/", visit_views.OneVisit.as_view(), name="visit"),
    path("visits/<slug:code>/receipt/", visit_views.Receipt.as_view(), name="receipt"),
    path("visits/<slug:code>/correct/", visit_views.CorrectVisit.as_view(step="new"), name="correct_new"),
    path("visits/<slug:code>/correct/<uuid:draft>/", visit_views.CorrectVisit.as_view(), name="correct"),
    path(
        "visits/<slug:code>/correct/<uuid:draft>/check/",
        visit_views.CorrectVisit.as_view(step="check"),
        name="correct_check",
    ),
    path("households/<slug:code>/care/", visit_views.HouseholdCare.as_view(), name="household"),
    path("needs/", need_views.Board.as_view(), name="needs"),
    path("needs/<slug:code>/", need_views.OneNeed.as_view(), name="need"),
    path("claims/", need_views.Claims.as_view(), name="claims"),
    path("claims/<slug:code>/", need_views.OneClaim.as_view(), name="claim"),
]
