"""Reading the bureau's pages in tests."""

from django.contrib.messages import get_messages
from django.urls import reverse


def page(row, name="change", **kwargs) -> str:
    """The address of a row's page in the admin."""
    return reverse(
        f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk, *kwargs.values()]
    )


def act(row, verb) -> str:
    """The address of a verb's confirmation page for one row."""
    return page(row, "verb", verb=verb)


def listing(model, name="changelist") -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


def acts(model, verb) -> str:
    """Where the confirmation page of several rows is sent."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_verbs", args=[verb])


def agreed(client, address, **typed):
    """The answer to an act on several rows whose preview was confirmed as it was shown."""
    preview = client.post(address, typed)
    return client.post(address, {**typed, "seen": preview.context["seen"]})


def outcome(response, kind) -> dict[str, str]:
    """What the page on several rows says of those that were ``done`` or ``refused``: sentences by address."""
    return {address: "".join(sentences) for _, address, sentences in response.context["parts"][kind]}


def shown(response) -> str:
    return response.content.decode()


def said(response) -> list[str]:
    """The messages of the page that answered."""
    return [str(message) for message in get_messages(response.wsgi_request)]


def form_values(response) -> dict:
    """What the form of a change page would send if nobody touched it."""
    form = response.context["adminform"].form
    values = {}
    for bound in form:
        value = bound.value()
        if value is True:
            value = "on"
        if value not in (None, False, ""):
            values[bound.html_name] = value if isinstance(value, list) else str(value)
    return values


def counted(django_assert_num_queries, client, address, count):
    with django_assert_num_queries(count):
        response = client.get(address)
    assert response.status_code == 200
    return response
