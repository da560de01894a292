from django.urls import path

from . import notice_views, student_views, views

app_name = "cases"

urlpatterns = [
    path("programs/<slug:code>/students/", student_views.Students.as_view(), name="students"),
    path("households/", views.Households.as_view(), name="households"),
    path("households/<slug:code>/", views.OneHousehold.as_view(), name="household"),
    path("pairings/", views.Pairings.as_view(), name="pairings"),
    path("pairings/<slug:code>/", views.OnePairing.as_view(), name="pairing"),
    path("notices/", notice_views.Inbox.as_view(), name="notices"),
    path("notices/read/", notice_views.ReadAll.as_view(), name="notices_read"),
    path("notices/<int:pk>/open/", notice_views.OpenNotice.as_view(), name="notice_open"),
]
