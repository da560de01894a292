"""How tests fill in the forms of the portal."""

from django.urls import reverse

from jinchuan.shared.clock import today


def opened(client, name="donations:cash_new", **kwargs) -> str:
    """The address of a freshly opened form."""
    return client.get(reverse(name, kwargs=kwargs)).url.split("?")[0]


def cash(**fields) -> dict:
    """A complete gift of money by the organisation itself."""
    return {
        "donor_choice": "own",
        "amount": "1000",
        "day": today().isoformat(),
        "route": "association",
        "restriction": "none",
        "intent": "check",
        **fields,
    }


def goods(**fields) -> dict:
    """A complete gift of one kind of goods."""
    data = cash(
        **{
            "lines": ["0"],
            "line-0-item": "大米",
            "line-0-category": "food",
            "line-0-quantity": "20",
            "line-0-unit": "袋",
            "line-0-valuation_basis": "invoice",
            "line-0-value": "1200",
            "line-0-expires_on": "2027-12-31",
            **fields,
        }
    )
    del data["amount"]
    return data


def activity(volunteer, **fields) -> dict:
    """A complete session with one volunteer."""
    return {
        "title": "重阳节上门理发",
        "day": today().isoformat(),
        "responsible_person": "王芳",
        "place": "龙集里社区活动室",
        "content": "为老人理发。",
        "lines": ["0"],
        "line-0-volunteer": str(volunteer.pk),
        "line-0-started_at": "9:00",
        "line-0-ended_at": "11:30",
        "intent": "check",
        **fields,
    }


def checked(client, address, data):
    """The check page that a good form leads to."""
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.context["summary"]
    return client.get(answer.url)


def submit(client, address, page):
    """Press the button of a check page."""
    data = {"content": page.context["digest"], "asked": page.context["asked"], "intent": "submit"}
    return client.post(f"{address}check/", data)


def logged(client, data, name="donations:cash_new"):
    """From a new form to the receipt."""
    address = opened(client, name)
    return submit(client, address, checked(client, address, data))
