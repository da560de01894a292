"""Reads of the organisations app."""

from django.contrib.auth.base_user import BaseUserManager
from django.db.models import F, Q

from jinchuan.shared.querysets import ScopedQuerySet

from .enums import SOCIAL_ORGANIZATION_KINDS, DivisionLevel, OrganizationState


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
