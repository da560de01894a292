from django.urls import path

from . import views

app_name = "intake"

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("log/", views.Log.as_view(), name="log"),
    path("me/", views.Me.as_view(), name="me"),
    path("help/", views.Help.as_view(), name="help"),
    path("drafts/", views.Drafts.as_view(), name="drafts"),
    path("drafts/<uuid:draft>/drop/", views.DropDraft.as_view(), name="drop_draft"),
    path("attachments/<uuid:attachment>/", views.Download.as_view(), name="attachment"),
]
