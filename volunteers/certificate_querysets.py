"""Reads of certificates: the issuer's own, and the bureau's of its district."""

from django.db.models import Count, Q

from jinchuan.shared import crypto
from jinchuan.shared.codes import normalised
from jinchuan.shared.querysets import ScopedQuerySet

from .certificate_enums import (
    CHECK_CODE_LENGTH,
    CHECK_CODE_PURPOSE,
    EVER_ISSUED,
    STANDING,
    CertificateState,
)


class CertificateBatchQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("volunteers.view_certificatebatch"):
            return self.none()
        if user.organization_id:
            return self.filter(issuer=user.organization_id)
        return self.filter(issuer__division__path__startswith=user.division.path)

    def for_list(self):
        """With how far each has come: ``wanted``, ``ready``, ``issued``, ``printed``, ``failed``."""
        issued = Q(certificates__state__in=sorted(EVER_ISSUED))
        failed = Q(certificates__paper__failure__gt="")
        printed = Q(certificates__paper__finished_at__isnull=False, certificates__paper__failure="")
        return self.select_related("issuer").annotate(
            wanted=Count("certificates", filter=~Q(certificates__state=CertificateState.DECLINED)),
            issued=Count("certificates", filter=issued),
            asked=Count("certificates__paper"),
            printed=Count("certificates", filter=printed),
            failed=Count("certificates", filter=failed),
        )


class CertificateQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("volunteers.view_certificate"):
            return self.none()
        if user.organization_id:
            return self.filter(issuer=user.organization_id)
        return self.filter(issuer__division__path__startswith=user.division.path)

    def standing(self):
        """Under way or in force: another for the same days would say the same twice."""
        return self.filter(state__in=sorted(STANDING))

    def ever_issued(self):
        return self.filter(state__in=sorted(EVER_ISSUED))

    def noticed(self):
        return self.filter(state=CertificateState.NOTICED)

    def ripe_on(self, day):
        """Their notice is over: they wait for whoever issues."""
        return self.noticed().filter(notice_until__lt=day)

    def by_code(self, code):
        """Those with a check code, however it was typed: one or none."""
        digest = crypto.keyed_hash(normalised(code, CHECK_CODE_LENGTH), purpose=CHECK_CODE_PURPOSE)
        return self.filter(code_hash=digest)

    def for_list(self):
        return self.select_related("issuer", "volunteer")


class CertificatePaperQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from .models import Certificate

        return self.filter(certificate__in=Certificate.objects.visible_to(user))

    def waiting(self):
        return self.filter(finished_at__isnull=True)

    def failed(self):
        return self.exclude(failure="")


class CertificateRemarkQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        from .models import Certificate

        return self.filter(certificate__in=Certificate.objects.visible_to(user))

    def unanswered(self):
        return self.filter(answered_at__isnull=True)
