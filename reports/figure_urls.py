from django.urls import path

from . import figure_views as views

app_name = "figures"

urlpatterns = [
    path("figures/", views.Figures.as_view(), name="figures"),
    path("figures/<slug:code>/", views.OneFigure.as_view(), name="figure"),
]
