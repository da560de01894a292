"""Reads of the volunteers app. Only confirmed activities count in a figure."""

from django.db.models import Count, Sum

from jinchuan.shared.querysets import ScopedQuerySet

from .enums import ActivityState


class VolunteerQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("volunteers.view_volunteer"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(organization__division__path__startswith=user.division.path)

    def for_list(self):
        return self.select_related("organization")


class ActivityQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("volunteers.view_activity"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(organization__division__path__startswith=user.division.path)

    def confirmed(self):
        return self.filter(state=ActivityState.CONFIRMED)

    def waiting(self):
        return self.filter(state=ActivityState.SUBMITTED)

    def returned(self):
        return self.filter(state=ActivityState.RETURNED)

    def with_totals(self):
        """Annotate ``person_times`` (人次) and ``total_minutes``."""
        return self.annotate(person_times=Count("records"), total_minutes=Sum("records__minutes"))

    def for_list(self):
        return self.with_totals().select_related("organization", "program", "community")


class ServiceRecordQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from .models import Activity

        if not user.has_perm("volunteers.view_servicerecord"):
            return self.none()
        return self.filter(activity__in=Activity.objects.visible_to(user))

    def confirmed(self):
        return self.filter(activity__state=ActivityState.CONFIRMED)

    def for_list(self):
        return self.select_related("volunteer", "activity")
