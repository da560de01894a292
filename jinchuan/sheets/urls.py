from django.urls import path

from . import views

app_name = "sheets"

urlpatterns = [
    path("sheets/", views.index, name="index"),
    path("sheets/<slug:register>/template/", views.template, name="template"),
    path("sheets/<slug:register>/import/", views.upload, name="import"),
    path("sheets/<slug:register>/import/<uuid:key>/", views.preview, name="preview"),
    path("sheets/<slug:register>/import/<uuid:key>/marked/", views.marked, name="marked"),
    path("sheets/<slug:register>/export/", views.export, name="export"),
]
