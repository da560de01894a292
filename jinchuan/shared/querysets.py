"""The one way in to rows: every model of ours reads through a queryset that knows who is asking."""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from .clock import SHANGHAI


class ScopedQuerySet(models.QuerySet):
    """Reads of one model. ``visible_to`` comes first in every view, list, export, figure and attachment."""

    def visible_to(self, user):
        """Rows this user may know of. Anonymous and disabled users see nothing."""
        if user is None or not user.is_authenticated or not user.is_active:
            return self.none()
        return self._visible_to(user)

    def _visible_to(self, user):
        raise TypeError(f"{type(self).__name__} does not say what its rows are visible to")

    def for_list(self):
        """What a list page needs, in a fixed number of queries."""
        return self

    def with_state_on(self, day):
        """Annotate ``state_then``: the state each row was in at the end of ``day``, read from its transitions."""
        transitions = self.model._meta.get_field("transitions")
        end = datetime.combine(day + timedelta(days=1), time(), SHANGHAI)
        last = (
            transitions.related_model.objects.filter(**{transitions.field.name: OuterRef("pk")}, at__lt=end)
            .order_by("-at", "-id")
            .values("to_state")[:1]
        )
        first = str(self.model._meta.get_field("state").default)
        return self.annotate(state_then=Coalesce(Subquery(last), Value(first)))
