"""Addresses of allauth's pages that we put something before; they stand above its own."""

from django.urls import path

from members.views import account

urlpatterns = [
    path("password/set/", account.set_password, name="account_set_password"),
    path("2fa/recovery-codes/", account.recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/download/", account.download_recovery_codes, name="mfa_download_recovery_codes"),
]
