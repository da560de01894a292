from django.urls import path

from . import mobilization_views, program_views, views

app_name = "organizations"

urlpatterns = [
    path("activate/", views.Activate.as_view(), name="activate"),
    path("forgotten/", views.Forgotten.as_view(), name="forgotten"),
    path("divisions/communities/", views.Communities.as_view(), name="communities"),
    path("members/", views.Members.as_view(), name="members"),
    path("members/invite/", views.Invite.as_view(), name="invite"),
    path("members/<int:pk>/slip/", views.Member.as_view(act="reissue"), name="reissue"),
    path("members/<int:pk>/disable/", views.Member.as_view(act="disable"), name="disable"),
    path("account/", views.Account.as_view(), name="account"),
    path("organization/", views.Profile.as_view(), name="profile"),
    path("mobilization/", mobilization_views.Invitations.as_view(), name="invitations"),
    path("mobilization/<slug:code>/", mobilization_views.OneInvitation.as_view(), name="invitation"),
    path("programs/", program_views.Programs.as_view(), name="programs"),
    path("programs/<slug:code>/", program_views.OneProgram.as_view(), name="program"),
]
