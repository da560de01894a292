from django.urls import path

from . import story_views as views

app_name = "stories"

urlpatterns = [
    path("stories/", views.Stories.as_view(), name="stories"),
    path("stories/write/new/", views.WriteStory.as_view(step="new"), name="write_new"),
    path("stories/write/<uuid:draft>/", views.WriteStory.as_view(), name="write"),
    path("stories/write/<uuid:draft>/check/", views.WriteStory.as_view(step="check"), name="write_check"),
    path("stories/<slug:code>/", views.OneStory.as_view(), name="story"),
    path("stories/<slug:code>/receipt/", views.Receipt.as_view(), name="receipt"),
    path("stories/<slug:code>/correct/", views.CorrectStory.as_view(step="new"), name="correct_new"),
    path("stories/<slug:code>/correct/<uuid:draft>/", views.CorrectStory.as_view(), name="correct"),
    path(
        "stories/<slug:code>/correct/<uuid:draft>/check/",
        views.CorrectStory.as_view(step="check"),
        name="correct_check",
    ),
]
