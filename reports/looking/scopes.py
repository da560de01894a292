"""Whose figures a person may look at: those of their own division and what lies below it, or of their own organisation."""

from organizations.enums import DivisionLevel
from organizations.models import Division, Organization, Program, SupervisingUnit

from ..scopes import among, code_of, name_of

PERMISSION = "reports.view_figure"


def visible(user) -> dict:
    """Querysets of the scopes a person may choose from, by the words over them."""
    if user.organization_id:
        return {"本组织": Organization.objects.filter(pk=user.organization_id)}
    if not user.division_id:
        return {}
    groups = {"区划": Division.objects.within(user.division).active().order_by("path")}
    if not user.is_division_worker:
        groups |= {
            "社会组织": Organization.objects.visible_to(user).social().taking_part().order_by("code"),
            "服务品牌和项目": Program.objects.visible_to(user).order_by("code"),
            "业务主管单位": SupervisingUnit.objects.visible_to(user).order_by("pk"),
        }
    return groups


def own(user):
    """The scope a person sees first."""
    return user.organization or user.division


def chosen(user, code):
    """The scope of that code, as far as the person may look at it; None for any other."""
    return among(visible(user).values(), code) if code else own(user)


def choices(user) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the picker offers: (words, [(code, name)]). Organisations are too many; the bureau searches for one."""
    return [
        (words, [(code_of(row), _label(row)) for row in rows])
        for words, rows in visible(user).items()
        if rows.model is not Organization or user.organization_id
    ]


def searched(user):
    """The organisations among which a person may search for one."""
    if user.organization_id or user.is_division_worker or not user.division_id:
        return Organization.objects.none()
    return Organization.objects.visible_to(user)


def _label(row) -> str:
    if isinstance(row, Division) and row.level in (DivisionLevel.COMMUNITY, DivisionLevel.VILLAGE):
        return f"　{name_of(row)}"
    return name_of(row)
