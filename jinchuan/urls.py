"""Composition: which address belongs to whom. Everything needs a sign-in but what says otherwise."""

from importlib.util import find_spec

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from jinchuan.ops.health import healthz

handler400 = "jinchuan.ops.error_pages.bad_request"
handler500 = "jinchuan.ops.error_pages.server_error"

# Sign-in: of allauth's pages only those this house has. No sign-up, no e-mail.
accounts = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include(accounts)),
    path("admin/", admin.site.urls),
]

for urls in (
    "organizations.urls",
    "cases.urls",
    "cases.care_urls",
    "donations.trace_urls",
    "donations.signed_urls",
    "donations.urls",
    "volunteers.certificate_urls",
    "volunteers.checkin_urls",
    "volunteers.urls",
    "reports.check_urls",
    "reports.urls",
    "reports.statement_urls",
    "reports.figure_urls",
    "jinchuan.intake.urls",
    "jinchuan.sheets.urls",
):
    if find_spec(urls):
        urlpatterns.append(path("", include(urls)))
