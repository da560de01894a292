from django.urls import path

from . import certificate_check, certificate_views

app_name = "certificates"

urlpatterns = [
    path("certificates/", certificate_views.Certificates.as_view(), name="certificates"),
    path("certificates/check/", certificate_check.Check.as_view(), name="check"),
    path("certificates/ask/", certificate_views.Ask.as_view(), name="ask"),
    path("certificates/notice/", certificate_views.NoticeList.as_view(), name="notice"),
    path("certificates/batches/<slug:code>/", certificate_views.OneBatch.as_view(), name="batch"),
    path("certificates/batches/<slug:code>/pdf/", certificate_views.BatchFile.as_view(), name="batch_file"),
    path("certificates/<slug:code>/", certificate_views.OneCertificate.as_view(), name="certificate"),
    path("certificates/<slug:code>/pdf/", certificate_views.File.as_view(), name="file"),
]
