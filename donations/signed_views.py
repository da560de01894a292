"""Where the QR code of a sheet leads when a phone's own camera reads it: to the page on which its lines are ticked."""

from django.http import Http404
from django.shortcuts import redirect

from jinchuan.shared.access import Page

from . import scanning


class Batch(Page):
    permission = "donations.view_distribution"

    def get(self, request, district, code):
        batch = scanning.judge(request.path, by=request.user).batch
        if batch is None:
            raise Http404
        return redirect("admin:donations_distribution_tick", batch.pk)
