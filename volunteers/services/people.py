"""Writes on volunteers: the people who serve, under their real names."""

from jinchuan.audit.services import change, create, verb
from jinchuan.shared.access import require

from ..models import Volunteer


@verb
def register_volunteer(*, by, organization, **fields) -> Volunteer:
    """Enter a volunteer under the real name (慈善法 §66)."""
    require(by, "volunteers.add_volunteer", organization)
    return create(Volunteer(organization=organization, **fields), by=by)


@verb
def update_volunteer(volunteer, *, by, version=None, **fields) -> Volunteer:
    require(by, "volunteers.change_volunteer", volunteer)
    return change(volunteer, by=by, version=version, **fields)
