"""Reads of the intake app."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q

from jinchuan.shared.clock import now
from jinchuan.shared.querysets import ScopedQuerySet

from . import parents


class DraftQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self.filter(owner=user)

    def forgotten(self):
        return self.filter(saved_at__lt=now() - timedelta(days=settings.DRAFT_DAYS))


class AttachmentQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        """Those whose parent record the user may see; the apps say how (``parents.register``)."""
        mine = Q(pk__in=[])
        for label, visible in parents.registered().items():
            mine |= Q(parent_type=label, parent_id__in=visible(user))
        return self.filter(mine)

    def of(self, row):
        return self.filter(parent_type=row._meta.label, parent_id=str(row.pk))


class InvitationQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        return self if user.has_perm("organizations.invite_user") else self.none()

    def usable(self):
        return self.filter(used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now())
