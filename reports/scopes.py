"""Whom figures are about: a division with what lies below it, one organisation, one programme, or the organisations of one
supervising unit. A scope is the row itself."""

from django.conf import settings
from django.db.models import Q

from organizations.enums import DivisionLevel
from organizations.models import Division, Organization, Program, SupervisingUnit

Scope = Division | Organization | Program | SupervisingUnit
_WORDS = {Division: "division", Organization: "organization", SupervisingUnit: "unit", Program: "program"}


def condition(scope, *, place=None, organization=None, program=None) -> Q | None:
    """Which rows are the scope's, by the ways from a row to its division, organisation and programme.

    None where the rows cannot be told by such a scope at all.
    """
    match scope:
        case None:
            return Q()
        case Division():
            return Q(**{f"{place}__path__startswith": scope.path}) if place else None
        case Organization():
            return Q(**{organization: scope}) if organization else None
        case SupervisingUnit():
            return Q(**{f"{organization}__supervising_unit": scope}) if organization else None
        case Program():
            return Q(**{program: scope}) if program else None
    raise TypeError(f"not a scope: {scope!r}")


def booked_in(scope) -> Q:
    """Which lines of the ledger are the scope's."""
    match scope:
        case None:
            return Q()
        case Division():
            return Q(division__path__startswith=scope.path)
        case Organization():
            return Q(organization=scope)
        case SupervisingUnit():
            return Q(unit=scope)
        case Program():
            return Q(program=scope)
    raise TypeError(f"not a scope: {scope!r}")


def key_of(scope) -> str:
    """What stands for it in the figures of a closed month; empty for everything there is."""
    return "" if scope is None else f"{_WORDS[type(scope)]}:{scope.pk}"


def code_of(scope) -> str:
    """What it is called in addresses, serials and file names."""
    return f"U{scope.pk}" if isinstance(scope, SupervisingUnit) else scope.code


def name_of(scope) -> str:
    """As it stands in a title."""
    return scope.short_name if isinstance(scope, Division) else scope.name


def is_small(scope) -> bool:
    """Is it less than a county, so that one may tell from a count of one or two who is meant?

    An organisation knows its own households, and its statement is for itself and the bureau.
    """
    return isinstance(scope, Division) and scope.level not in (
        DivisionLevel.COUNTY,
        DivisionLevel.PREFECTURE,
        DivisionLevel.PROVINCE,
    )


def find(code="") -> Scope:
    """The scope called so; without a code the home district. LookupError when there is none."""
    code = code or settings.HOME_DIVISION
    everything = [model.objects.all() for model in (Division, Organization, Program, SupervisingUnit)]
    if scope := among(everything, code):
        return scope
    raise LookupError(code)


def among(querysets, code) -> Scope | None:
    """The one called so: the code of a division, an organisation, a programme, ``U`` and the number of a supervising unit, or
    its name."""
    for rows in querysets:
        if scope := rows.filter(_called(code) if rows.model is SupervisingUnit else Q(code=code)).first():
            return scope
    return None


def _called(code) -> Q:
    number = code.removeprefix("U")
    is_number = number != code and number.isascii() and number.isdecimal() and len(number) < 10
    return Q(pk=int(number)) if is_number else Q(name=code)
