"""Reads of the volunteers app. Only confirmed activities count in a figure."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from jinchuan.shared.clock import now, today
from jinchuan.shared.querysets import ScopedQuerySet
from organizations.enums import OrganizationState

from .enums import ActivityState, CorrectionState, RecordState, SignUpState


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

    def overdue(self):
        """Open for so long that the bureau looks into it."""
        return self.open().filter(asked_at__lt=now() - timedelta(days=settings.CORRECTION_ANSWER_DAYS))

    def for_list(self):
        return self.select_related("record__activity__organization", "record__volunteer")


def standing(path="") -> Q:
    """Hours that stand: confirmed ones, and recorded ones that wait with their activity; no correction under way."""
    waiting = Q(**{f"{path}state": RecordState.RECORDED, f"{path}supersedes__isnull": True})
    return Q(**{f"{path}state": RecordState.CONFIRMED}) | waiting


def left_untold() -> Q:
    """Held by an organisation that is deregistered since, before it told the hours."""
    return Q(state=ActivityState.HELD, organization__state=OrganizationState.DEREGISTERED)


def left_to_tell() -> Q:
    """Called off with an organisation that is deregistered, and somebody signed up: to be told until the day is over."""
    from .models import SignUp

    called_off = Q(state=ActivityState.CANCELLED, organization__state=OrganizationState.DEREGISTERED)
    live = SignUp.objects.live().filter(activity=OuterRef("pk"))
    return called_off & Q(held_on__gte=today()) & Q(Exists(live))


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

    def logged(self):
        """With hours: what the bureau confirms, returns and counts."""
        return self.filter(state__in=ActivityState.logged())

    def unlogged(self):
        """From the plan to the day it is held; the hours are not told yet."""
        return self.filter(state__in={*ActivityState.ahead(), ActivityState.HELD})

    def left_untold(self):
        return self.filter(left_untold())

    def left_to_tell(self):
        return self.filter(left_to_tell())

    def with_totals(self):
        """Annotate ``person_times`` (人次) and ``total_minutes``, of the hours that stand."""
        return self.annotate(
            person_times=Count("records", filter=standing("records__")),
            total_minutes=Sum("records__minutes", filter=standing("records__")),
        )

    def for_list(self):
        return self.with_totals().select_related("organization", "program", "community", "plan")


class OfActivityQuerySet(ScopedQuerySet):
    """Rows that hang on an activity and are seen with it."""

    def _visible_to(self, user):
        from .models import Activity

        return self.filter(activity__in=Activity.objects.visible_to(user))


class SignUpQuerySet(OfActivityQuerySet):
    def live(self):
        return self.exclude(state=SignUpState.WITHDRAWN)

    def signed(self):
        return self.filter(state=SignUpState.SIGNED)

    def waiting(self):
        """In the order in which they asked."""
        return self.filter(state=SignUpState.WAITING).order_by("asked_at", "id")


class CheckInQuerySet(OfActivityQuerySet):
    def of_person(self, person):
        """All of one volunteer's or unknown person's, in turn."""
        from .models import UnknownPerson

        name = "unknown" if isinstance(person, UnknownPerson) else "volunteer"
        return self.filter(**{name: person}).order_by("number")


class ServiceRecordQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from .models import Activity

        if not user.has_perm("volunteers.view_servicerecord"):
            return self.none()
        return self.filter(activity__in=Activity.objects.visible_to(user))

    def confirmed(self):
        """What counts: of confirmed activities, the one record of each volunteer that stands."""
        return self.filter(activity__state=ActivityState.CONFIRMED, state=RecordState.CONFIRMED)

    def standing(self):
        return self.filter(standing())

    def corrections(self):
        """Waiting for the second person."""
        return self.filter(state=RecordState.RECORDED, supersedes__isnull=False)

    def within(self, since, until):
        """That stand, of activities that are not voided, with a moment between the two instants."""
        return (
            self.standing()
            .filter(started_at__lt=until, ended_at__gt=since)
            .exclude(activity__state=ActivityState.VOIDED)
        )

    def for_list(self):
        return self.select_related("volunteer", "activity__organization", "supersedes")
