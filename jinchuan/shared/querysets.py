"""The one way in to rows: every model of ours reads through a queryset that knows who is asking."""

from django.db import models


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
