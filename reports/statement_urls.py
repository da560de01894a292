from django.urls import path

from . import statement_views as views

app_name = "statements"

urlpatterns = [
    path("statements/", views.Statements.as_view(), name="statements"),
    path("statements/<slug:serial>/", views.Statement.as_view(), name="statement"),
    path("statements/<slug:serial>/statement.pdf", views.StatementFile.as_view(), name="file"),
]
