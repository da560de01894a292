"""The gate: whose consent is missing before a story may be made public on a channel. Page, service, list and check ask here;
the database asks the same once more (reports.guards)."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q

from cases.enums import PUBLISHING, Channel, ConsentGiver
from cases.models import Consent, Hardship
from jinchuan.shared.clock import today

from .enums import NEVER_IDENTIFIABLE, Item, Shown
from .models import PublicationConsent, StoryPerson

NONE_GIVEN, GUARDIANS, NEVER, FAMILY = "没有同意", "要由监护人同意", "不得识别", "不得识别儿童的家人"
_SENTENCES = {
    NONE_GIVEN: "{who}：缺少在{channel}公开{item}的同意，或同意已到期、已撤回。",
    GUARDIANS: "{who}：未满 18 周岁，在{channel}公开{item}要有监护人的同意。",
    NEVER: "{who}：孤儿和事实无人抚养儿童只能用化名或不出现，也不能有照片；有人同意也不行。",
    FAMILY: "{who}：与不得识别的儿童是一家人，不能用真名，也不能有照片。",
}


@dataclass(frozen=True)
class Missing:
    """One consent that is not there: whose, for what, on which channel, and why what there is does not do."""

    person: StoryPerson
    item: Item
    channel: Channel
    why: str

    @property
    def sentence(self) -> str:
        return _SENTENCES[self.why].format(
            who=self.person.masked_name, channel=self.channel.label, item=self.item.label
        )


def needed(person) -> tuple[Item, ...]:
    """What this person must have agreed to. Somebody who does not appear, nothing; a child's surname is a name, too."""
    if person.shown == Shown.HIDDEN:
        return ()
    named = person.shown == Shown.FULL or (person.shown == Shown.SURNAME and person.is_minor)
    return (Item.STORY, *([Item.NAME] if named else []), *([Item.PHOTO] if person.photo else []))


def missing(story, channel, on=None) -> list[Missing]:
    """What is not agreed to for this story on this channel on the day (today): empty when it may go out."""
    return missing_of([story], on)(story, channel)


def missing_of(stories, on=None, *, hold=False):
    """``missing`` for many stories at once, in four queries: a function of (story, channel).

    ``hold`` locks the consents it rests on: nobody withdraws one while a release is under way.
    """
    day = on or today()
    people = defaultdict(list)
    rows = StoryPerson.objects.filter(story__in=[story.pk for story in stories]).order_by("pk")
    for person in rows.select_related("member", "volunteer", "story"):
        people[person.story_id].append(person)
    everybody = [person for group in people.values() for person in group]
    given = _consents(everybody, day, hold)
    protected = protected_households(everybody)

    def of(story, channel):
        found = []
        for person in people[story.pk]:
            found += _missing_of_person(person, Channel(channel), given, protected.get(story.pk, {}))
        return found

    return of


def is_protected(member, story_day) -> bool:
    """Is or was this member, on the day of the story or since, an orphan or a child whom in fact nobody raises?"""
    return _never_identifiable([member.pk]).filter(_since(story_day)).exists()


def protected_households(people) -> dict[int, dict[int, set[int]]]:
    """Story → household → its members who may never be recognised, of those who appear in the story."""
    shown = [person for person in people if person.member_id and person.shown != Shown.HIDDEN]
    since = {}
    for pk, ended in _never_identifiable([p.member_id for p in shown]).values_list("member", "ended_on"):
        since.setdefault(pk, []).append(ended)
    found = defaultdict(lambda: defaultdict(set))
    for person in shown:
        ends = since.get(person.member_id, ())
        if person.is_protected or any(end is None or end > person.story.happened_on for end in ends):
            found[person.story_id][person.member.household_id].add(person.member_id)
    return found


def _never_identifiable(members):
    return Hardship.objects.filter(
        member__in=members, category__in=NEVER_IDENTIFIABLE, started_on__lte=today()
    )


def _since(day):
    return Q(ended_on__isnull=True) | Q(ended_on__gt=day)


def _consents(people, day, hold) -> dict:
    """(kind, whose, item, channel) → who gave those in force."""
    given = defaultdict(set)
    of_members = Consent.objects.in_force(day).filter(
        member__in={p.member_id for p in people if p.member_id}, purpose__in=PUBLISHING
    )
    of_others = PublicationConsent.objects.in_force(day).filter(
        person__in=[p.pk for p in people if not p.member_id]
    )
    if hold:
        of_members = of_members.select_for_update(of=("self",)).order_by("pk")
        of_others = of_others.select_for_update(of=("self",)).order_by("pk")
    for consent in of_members:
        given["member", consent.member_id, consent.purpose, consent.channel].add(consent.given_by)
    for consent in of_others:
        given["person", consent.person_id, consent.item, consent.channel].add(consent.given_by)
    return given


def _missing_of_person(person, channel, given, protected):
    whose = ("member", person.member_id) if person.member_id else ("person", person.pk)
    ours = protected.get(person.member.household_id, set()) if person.member_id else set()
    identified = person.photo or person.shown in (Shown.FULL, Shown.SURNAME)
    if identified and (person.is_protected or person.member_id in ours):
        return [Missing(person, Item.NAME, channel, NEVER)]
    if ours and (person.photo or person.shown == Shown.FULL):
        return [Missing(person, Item.NAME, channel, FAMILY)]
    lacking = []
    for item in needed(person):
        givers = given[(*whose, item.value, channel.value)]
        if not givers:
            lacking.append(Missing(person, item, channel, NONE_GIVEN))
        elif person.is_minor and ConsentGiver.GUARDIAN not in givers:
            lacking.append(Missing(person, item, channel, GUARDIANS))
    return lacking
