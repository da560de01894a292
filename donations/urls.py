from django.urls import path

from . import views

app_name = "donations"

urlpatterns = [
    path("donations/", views.Donations.as_view(), name="donations"),
    path("donations/in-words/", views.InWords.as_view(), name="in_words"),
    path("donations/cash/new/", views.LogCash.as_view(step="new"), name="cash_new"),
    path("donations/cash/<uuid:draft>/", views.LogCash.as_view(), name="cash"),
    path("donations/cash/<uuid:draft>/check/", views.LogCash.as_view(step="check"), name="cash_check"),
    path("donations/goods/new/", views.LogGoods.as_view(step="new"), name="goods_new"),
    path("donations/goods/<uuid:draft>/", views.LogGoods.as_view(), name="goods"),
    path("donations/goods/<uuid:draft>/check/", views.LogGoods.as_view(step="check"), name="goods_check"),
    path("donations/pledge/new/", views.LogPledge.as_view(step="new"), name="pledge_new"),
    path("donations/pledge/<uuid:draft>/", views.LogPledge.as_view(), name="pledge"),
    path("donations/pledge/<uuid:draft>/check/", views.LogPledge.as_view(step="check"), name="pledge_check"),
    path("donations/pledges/", views.Pledges.as_view(), name="pledges"),
    path("donations/<slug:code>/", views.OneDonation.as_view(), name="donation"),
    path("donations/<slug:code>/receipt/", views.Receipt.as_view(), name="receipt"),
    path("donations/<slug:code>/correct/", views.CorrectGift.as_view(step="new"), name="correct_new"),
    path("donations/<slug:code>/correct/<uuid:draft>/", views.CorrectGift.as_view(), name="correct"),
    path(
        "donations/<slug:code>/correct/<uuid:draft>/check/",
        views.CorrectGift.as_view(step="check"),
        name="correct_check",
    ),
    path("donations/<slug:code>/receive/", views.ReceivePledge.as_view(step="new"), name="receive_new"),
    path("donations/<slug:code>/receive/<uuid:draft>/", views.ReceivePledge.as_view(), name="receive"),
    path(
        "donations/<slug:code>/receive/<uuid:draft>/check/",
        views.ReceivePledge.as_view(step="check"),
        name="receive_check",
    ),
    path("donations/<slug:code>/lapse/", views.LapsePledge.as_view(), name="lapse"),
]
