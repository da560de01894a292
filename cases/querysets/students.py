"""Student aid: staff see their division's; an organisation those of the programmes it leads who agreed, and no child."""

from django.db.models import Exists, OuterRef, Q

from jinchuan.shared.clock import today
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import StudentAidState
from .scope import below

YOUNGEST_SHOWN = 14


class StudentAidQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("cases.view_studentaid"):
            return self.none()
        if user.organization_id:
            return self.shown_to(user.organization_id)
        return self.filter(below(user, "member__household__community"))

    def shown_to(self, organization_id, on=None):
        """What an organisation may read of the students of a programme it leads: approved aid of people of 14 and more with
        a share consent in force that names it (PIPL §23, §31). Whose age is not known counts as a child."""
        from ..models import Consent

        day = on or today()
        consent = Consent.objects.sharing(day).filter(
            Q(member__isnull=True) | Q(member=OuterRef("member")),
            household=OuterRef("member__household"),
            organization=organization_id,
        )
        return self.counted().filter(
            Exists(consent),
            program__lead_organization=organization_id,
            member__birth_date__lte=_years_before(day, YOUNGEST_SHOWN),
        )

    def counted(self):
        """Approved, whether it is still running or completed."""
        return self.filter(state__in=[StudentAidState.APPROVED, StudentAidState.COMPLETED])

    def live(self):
        return self.exclude(state__in=[StudentAidState.DECLINED, StudentAidState.WITHDRAWN])

    def waiting(self):
        return self.filter(state=StudentAidState.PROPOSED)

    def for_list(self):
        return self.select_related("program", "member__household", "community__parent")


def _years_before(day, years):
    """Who was born on this day or before has had so many birthdays; on 29 February as on the 28th."""
    return day.replace(year=day.year - years, day=28 if (day.month, day.day) == (2, 29) else day.day)
