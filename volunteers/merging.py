"""How each kind of row follows when two volunteers turn out to be one person.

Every foreign key to a volunteer has a rule here, or the merge is refused (and a test fails): a new table cannot be
forgotten. A table is given its rule where its services are written:

    merging.moves("volunteers.Certificate.volunteer", merging.simply("volunteers.Certificate"))
"""

from collections.abc import Callable

from django.apps import apps

_rules: dict[str, Callable] = {}


def moves(place, move) -> None:
    """The rows of this foreign key (“app.Model.field”) follow by ``move(kept, duplicate, *, by)``."""
    _rules[place] = move


def simply(label, field="volunteer") -> Callable:
    """Rows that move as they are."""

    def follow(kept, duplicate, *, by):
        apps.get_model(label)._base_manager.filter(**{field: duplicate}).update(**{field: kept})

    return follow


def rules() -> dict[str, Callable]:
    return dict(_rules)


def places() -> set[str]:
    """Every foreign key that points to a volunteer."""
    volunteer = apps.get_model("volunteers", "Volunteer")
    return {
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.local_fields
        if column.remote_field and column.remote_field.model is volunteer
    }


def without_rule() -> list[str]:
    return sorted(places() - set(_rules))
