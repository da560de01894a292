"""Reads of the volunteers app. Only confirmed activities count in a figure."""

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from jinchuan.shared.querysets import ScopedQuerySet

from .enums import ActivityState, CorrectionState


class VolunteerQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """An organisation knows those on its roll, now or once; the bureau those of its division, merged ones too."""
        from .models import Enrollment

        rolls = Enrollment.objects.visible_to(user)
        if user.organization_id:
            return self.filter(Exists(rolls.filter(volunteer=OuterRef("pk"))))
        kept = Coalesce(OuterRef("merged_into"), OuterRef("pk"))
        return self.filter(Exists(rolls.filter(volunteer=kept)))

    def one_each(self):
        """Without those who turned out to be somebody registered already."""
        return self.filter(merged_into__isnull=True)

    def with_document(self, kind, number):
        """Who holds this document, however its number was typed."""
        return self.one_each().filter(document_kind=kind, document_hash__of=number)

    def with_namesakes(self):
        """Those who may be registered twice: another row sounds the same."""
        others = self.model._default_manager.one_each().filter(name_pinyin=OuterRef("name_pinyin"))
        return self.one_each().filter(Exists(others.exclude(pk=OuterRef("pk"))))

    def on_roll_of(self, organization, day):
        """Who is on the roll of ``organization`` on ``day``."""
        from .models import Enrollment

        rolls = Enrollment.objects.filter(organization=organization).on(day)
        return self.filter(Exists(rolls.filter(volunteer=OuterRef("pk"))))

    def for_list(self):
        return self.prefetch_related("enrollments__organization")


class EnrollmentQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("volunteers.view_volunteer"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(organization__division__path__startswith=user.division.path)

    def on(self, day):
        """``[joined_on, left_on)`` holds the day."""
        return self.filter(joined_on__lte=day).filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def open(self):
        return self.filter(left_on__isnull=True)

    def for_list(self):
        return self.select_related("organization", "volunteer")


class GrowthQuerySet(ScopedQuerySet):
    """Training, commendation, evaluation: an organisation reads what it entered itself."""

    def _visible_to(self, user):
        if not user.has_perm(f"volunteers.view_{self.model._meta.model_name}"):
            return self.none()
        if user.organization_id:
            return self.filter(organization=user.organization_id)
        return self.filter(organization__division__path__startswith=user.division.path)

    def standing(self):
        """Not voided."""
        return self.filter(voided_at__isnull=True)

    def for_list(self):
        return self.select_related("organization", "volunteer")


class QueryCodeQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Codes are looked up by their hash alone; nobody lists them."""
        return self.none()

    def in_use(self):
        return self.filter(retired_at__isnull=True)


class CorrectionRequestQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("volunteers.view_correctionrequest"):
            return self.none()
        if user.organization_id:
            return self.filter(record__activity__organization=user.organization_id)
        return self.filter(record__activity__organization__division__path__startswith=user.division.path)

    def open(self):
        return self.filter(state=CorrectionState.OPEN)

    def for_list(self):
        return self.select_related("record__activity__organization", "record__volunteer")


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
