from django.urls import path

from . import views

app_name = "cases"

urlpatterns = [
    path("households/", views.Households.as_view(), name="households"),
    path("households/<slug:code>/", views.OneHousehold.as_view(), name="household"),
    path("pairings/", views.Pairings.as_view(), name="pairings"),
    path("pairings/<slug:code>/", views.OnePairing.as_view(), name="pairing"),
]
