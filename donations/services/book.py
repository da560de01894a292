"""The book: every change of what is held goes through ``post``, which writes the movement and moves the columns together."""

from django.db.models import F

from jinchuan.shared.clock import now
from jinchuan.shared.errors import Refused
from jinchuan.shared.fields.exact import exact

from ..enums import EFFECTS
from ..models import Holding, Movement

NOT_ENOUGH = "“{lot}”的{column}只有 {left} {unit}，请减少数量后再办理。"


def post(kind, holding, amount, *, by, on, cause, allocation=None, delivery=None) -> Movement:
    """Book one movement of a holding.

    The columns change by one conditional update as the last write, so that of many people at once each takes only what is
    there when it is their turn (performance.md 5); the CHECKs of ``Holding`` stand behind it. Refuses what is not there.
    """
    movement = Movement.objects.create(
        kind=kind,
        holding=holding,
        amount=amount,
        on=on,
        cause=str(cause),
        allocation=allocation,
        delivery=delivery,
        at=now(),
        by=by,
    )
    steps = {column: sign * amount for column, sign in EFFECTS[kind].items()}
    enough = {f"{column}__gte": -step for column, step in steps.items() if step < 0 and column != "adjusted"}
    changed = Holding.objects.filter(pk=holding.pk, **enough).update(
        **{column: F(column) + exact(step) for column, step in steps.items()}
    )
    if not changed:
        raise Refused({"amount": _shortage(holding, enough)})
    return movement


def refuse_shortage(holding, column, amount) -> None:
    """Say early, and in a sentence, that there is not enough. Only ``post`` decides: between here and there others take."""
    if not Holding.objects.filter(pk=holding.pk, **{f"{column}__gte": amount}).exists():
        raise Refused({"amount": _shortage(holding, {f"{column}__gte": amount})})


def holding_of(lot, fund, place) -> Holding:
    """Where this fund holds this lot at this place; opened empty when it is the first time."""
    return Holding.objects.get_or_create(lot=lot, fund=fund, place=place)[0]


def _shortage(holding, enough) -> str:
    holding.refresh_from_db()
    for condition in enough:
        column = condition.removesuffix("__gte")
        if getattr(holding, column) < enough[condition]:
            return NOT_ENOUGH.format(
                lot=holding.lot.item,
                column=Holding._meta.get_field(column).verbose_name,
                left=plain(getattr(holding, column)),
                unit=holding.lot.unit,
            )
    raise LookupError(f"nothing is missing in {holding}")


def plain(amount) -> str:
    """``10``, ``2.5``: an amount as people write it."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
