"""Reads of the organisations app."""

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import Count, F, Q

from jinchuan.shared.querysets import ScopedQuerySet

from .enums import (
    SOCIAL_ORGANIZATION_KINDS,
    Answer,
    DivisionLevel,
    MobilizationKind,
    MobilizationState,
    OrganizationState,
)


class DivisionQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Divisions are public knowledge; staff below the county look after their own."""
        if user.division_id and user.is_division_worker:
            return self.within(user.division)
        return self

    def within(self, division):
        """``division`` and everything below it."""
        return self.filter(path__startswith=division.path)

    def active(self):
        return self.filter(is_active=True)

    def grassroots(self):
        """Communities and villages: where households live."""
        return self.filter(level__in=[DivisionLevel.COMMUNITY, DivisionLevel.VILLAGE])

    def for_list(self):
        return self.select_related("parent")


class UserQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if user.has_perm("organizations.view_user"):
            return self
        if user.organization_id and user.is_org_admin:
            return self.filter(organization=user.organization_id)
        if user.has_perm("organizations.invite_user"):
            return self.filter(organization__division__path__startswith=user.division.path)
        return self.filter(pk=user.pk)

    def active(self):
        return self.filter(is_active=True)

    def for_list(self):
        return self.select_related("division", "organization")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_superuser(self, username, password=None, **fields):
        """``manage.py createsuperuser``: an administrator of accounts, who by separation of duties sees no cases."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean()
        user.save()
        return user


class OrganizationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if user.organization_id:
            return self.filter(pk=user.organization_id)
        if user.has_perm("organizations.view_organization"):
            return self.filter(division__path__startswith=user.division.path)
        return self.none()

    def approved(self):
        return self.filter(state=OrganizationState.APPROVED)

    def social(self):
        """Those that count as 参与社会组织."""
        return self.filter(kind__in=SOCIAL_ORGANIZATION_KINDS)

    def taking_part(self):
        """Approved, or paused for a while."""
        return self.filter(state__in=[OrganizationState.APPROVED, OrganizationState.SUSPENDED])

    def for_list(self):
        return self.select_related("division", "supervising_unit")


class SupervisingUnitQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self


class ProgramQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self

    def running_on(self, day):
        return self.filter(started_on__lte=day).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def for_list(self):
        return self.select_related("lead_organization").order_by(F("ended_on").desc(nulls_first=True), "code")


class ProgramPartnerQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Who carries a brand is no secret among those who take part."""
        return self if user.has_perm("organizations.view_program") else self.none()

    def running(self):
        return self.filter(ended_on__isnull=True)

    def for_list(self):
        return self.select_related("program", "organization")


class MobilizationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Staff of the bureau: all. An organisation: those it was invited to, an appeal once it is out."""
        if not user.has_perm("organizations.view_mobilization"):
            return self.none()
        if user.organization_id:
            mine = self.model._meta.get_field("invitations").related_model.objects.visible_to(user)
            return self.filter(pk__in=mine.values("mobilization"))
        return self

    def held(self):
        """Held or sent out, whether the matter is closed or not."""
        return self.filter(state__in=[MobilizationState.HELD, MobilizationState.CLOSED])

    def meetings(self):
        return self.filter(kind=MobilizationKind.MEETING)

    def inviting(self):
        """To which an organisation may still be invited."""
        return self.filter(state__in=[MobilizationState.PLANNED, MobilizationState.HELD])

    def for_list(self):
        answered = ~Q(invitations__answer=Answer.NONE)
        return self.select_related("host").annotate(
            invited_count=Count("invitations"),
            answered_count=Count("invitations", filter=answered),
        )


class MobilizationInvitationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("organizations.view_mobilizationinvitation"):
            return self.none()
        if not user.organization_id:
            return self
        mine = self.filter(organization=user.organization_id)
        return mine.exclude(
            mobilization__kind=MobilizationKind.APPEAL,
            mobilization__state__in=[MobilizationState.PLANNED, MobilizationState.CANCELLED],
        )

    def answered(self):
        return self.exclude(answer=Answer.NONE)

    def waiting(self):
        """Without an answer, while an answer can still be given."""
        return self.filter(answer=Answer.NONE).taking_answers()

    def taking_answers(self):
        meeting = Q(
            mobilization__kind=MobilizationKind.MEETING, mobilization__state=MobilizationState.PLANNED
        )
        appeal = Q(mobilization__kind=MobilizationKind.APPEAL, mobilization__state=MobilizationState.HELD)
        return self.filter(meeting | appeal)

    def for_list(self):
        return self.select_related("mobilization__host", "organization", "answered_by")
