"""A file on its way through the pages, with the worker's part done here and now."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jinchuan.sheets import services
from jinchuan.sheets.models import SheetImport
from jinchuan.sheets.registers import named


def hand_in(register, data, *, by, name="表.xlsx") -> SheetImport:
    return services.hand_in(named(register), name, data, by=by)


def checked(register, data, *, by, name="表.xlsx") -> SheetImport:
    return services.work(hand_in(register, data, by=by, name=name).pk)


def written(register, data, *, by) -> SheetImport:
    row = checked(register, data, by=by)
    services.confirm(row, by=by)
    return services.work(row.pk)


def post(client, register, data, name="表.xlsx"):
    return client.post(reverse("sheets:import", args=[register]), {"file": SimpleUploadedFile(name, data)})


def send(client, register, data, name="表.xlsx"):
    """Posted and checked: the address of its page."""
    answer = post(client, register, data, name)
    work()
    return answer.url


def confirm(client, url):
    """Confirmed and written; the answer is the page that one is led to."""
    client.post(url)
    work()
    return client.get(url)


def work():
    for row in SheetImport.objects.waiting():
        services.work(row.pk)
