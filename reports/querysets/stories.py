"""Who knows of which story. A draft is its writer's, and the organisation's the writer belongs to."""

from datetime import timedelta

from django.db.models import Q

from jinchuan.shared.clock import now, today
from jinchuan.shared.querysets import ScopedQuerySet

from ..enums import OUT, StoryState

PATIENCE = timedelta(minutes=3)


class StoryQuerySet(ScopedQuerySet):
    def _visible_to(self, user):
        if not user.has_perm("reports.view_story"):
            return self.none()
        if user.organization_id:
            return self.filter(
                organization=user.organization_id, written_by__organization=user.organization_id
            )
        inside = self.filter(division__path__startswith=user.division.path)
        return inside.exclude(~Q(written_by=user), state=StoryState.DRAFT)

    def waiting(self):
        return self.filter(state=StoryState.SUBMITTED)

    def returned(self):
        return self.filter(state=StoryState.RETURNED)

    def out(self):
        """Left the house and not withdrawn."""
        return self.filter(state__in=OUT)

    def for_list(self):
        return self.select_related("organization", "division", "written_by").defer("text")


class OfStoryQuerySet(ScopedQuerySet):
    """Rows that hang on a story and are seen by who sees the story."""

    story = "story"

    def _visible_to(self, user):
        from ..models import Story

        return self.filter(**{f"{self.story}__in": Story.objects.visible_to(user)})


class StoryPersonQuerySet(OfStoryQuerySet):
    def for_list(self):
        return self.select_related("story", "member", "volunteer")


class StoryPhotoQuerySet(OfStoryQuerySet):
    def used(self):
        return self.filter(is_used=True)


class ReleaseChannelQuerySet(OfStoryQuerySet):
    story = "release__story"


class PublicationConsentQuerySet(OfStoryQuerySet):
    story = "person__story"

    def _visible_to(self, user):
        if user.organization_id or not user.has_perm("reports.view_publicationconsent"):
            return self.none()
        return super()._visible_to(user)

    def in_force(self, on=None):
        """Given, not run out, not withdrawn: as ``cases.ConsentQuerySet.in_force``."""
        day = on or today()
        return (
            self.filter(given_on__lte=day)
            .filter(Q(expires_on__isnull=True) | Q(expires_on__gt=day))
            .filter(Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day))
        )

    def for_list(self):
        return self.select_related("person__story", "person__member", "person__volunteer")


class StoryReleaseQuerySet(OfStoryQuerySet):
    def _visible_to(self, user):
        if user.organization_id or not user.has_perm("reports.view_storyrelease"):
            return self.none()
        return super()._visible_to(user)

    def waiting(self):
        return self.filter(finished_at__isnull=True)

    def forgotten(self):
        """Those that wait although a worker should have come by."""
        return self.waiting().filter(released_at__lt=now() - PATIENCE)

    def for_list(self):
        return self.select_related("story").prefetch_related("channels").defer("text")


class PublicationQuerySet(OfStoryQuerySet):
    story = "outlet__release__story"

    def _visible_to(self, user):
        if not user.has_perm("reports.view_publication"):
            return self.none()
        return super()._visible_to(user)

    def standing(self):
        """Still there for everybody to read."""
        return self.filter(taken_down_on__isnull=True)

    def for_list(self):
        return self.select_related("outlet__release__story__organization")
