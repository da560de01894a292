"""Two people edit one row: what the other saved beside what one typed, chosen field by field; nothing typed is lost.

A form carries marks of the values it was opened with. When the row has moved on by the time it is saved, each field is
judged by three values: as it was opened, as it is saved now, as it was typed. What only the other changed is taken; what
only this person changed is proposed; what both changed has to be chosen. The choice is for the version that was shown:
if a third person saves meanwhile, the form comes back again.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

from jinchuan.shared import site
from jinchuan.shared.errors import Conflict

from .pieces import could_be_key, masked

SAVED, TYPED = "saved", "typed"
WHICH = [(SAVED, "用已保存的"), (TYPED, "用我填写的")]
MUST_CHOOSE = "“{label}”您和别人都改了，请选择用哪一个。"
CHANGED_MEANWHILE = "这条记录在您打开之后已被他人修改，还没有保存。请核对下面列出的各项，再保存。"
NOTHING = "空"

_CHOICE = "chosen_"
_sealer = signing.Signer(salt="jinchuan.admin.opened")


class Verdict(Enum):
    SAME = auto()
    THEIRS = auto()
    MINE = auto()
    BOTH = auto()


def judge(opened, saved, typed) -> Verdict:
    """Whose change is a field? ``opened`` is None where nobody knows: then any difference is between two people."""
    if saved == typed:
        return Verdict.SAME
    if opened is None:
        return Verdict.BOTH
    if typed == opened:
        return Verdict.THEIRS
    return Verdict.MINE if saved == opened else Verdict.BOTH


def plain(value) -> str:
    """A value as text, so that what stands in a row and what was read from a form can be compared."""
    if value is None or value is False:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ",".join(sorted(plain(one) for one in value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value).replace("\r\n", "\n").strip()


@dataclass
class Difference:
    """One field that stands differently in the row and in the form; ``choice`` is its pair of radio buttons."""

    label: str
    saved: str
    who: str
    typed: str
    choice: forms.BoundField
    must: bool


@dataclass
class Meeting:
    """What the page shows of two people's work: to be chosen, taken over, and what else happened to the row."""

    differences: list[Difference]
    taken: list[tuple[str, str, str]]
    others: list[str]


class MeetingForm:
    """Mixin of ``AdminForm``: a row with a version, edited by several people at once.

    ``sealed`` holds the values that do not stand in the form: left empty there, they stay as they are.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.sealed = {}

    # Marks: what the form was opened with -----------------------------------------------------------------------

    def keep_marks(self):
        """Let the page carry what it is opened with; called once the form has its version."""
        self.initial["opened"] = lambda: self._sealed_page(since=self.instance.version)

    def _sealed_page(self, *, since, asked=(), taken=()):
        page = {"since": since, "asked": sorted(asked), "taken": sorted(taken), "marks": self._marks()}
        return _sealer.sign_object(page, compress=True)

    @property
    def _page(self) -> dict:
        """What the page that was sent had been opened with; nothing of it is known when it does not say so itself."""
        try:
            return _sealer.unsign_object(self.data.get(self.add_prefix("opened"), ""))
        except signing.BadSignature:
            return {"since": self._sent_version, "asked": [], "taken": [], "marks": {}}

    @property
    def _sent_version(self) -> int:
        sent = self.data.get(self.add_prefix("version"), "")
        return int(sent) if could_be_key(sent) else 0

    def _compared(self) -> list[str]:
        own = ("version", "opened")
        return [name for name in self.fields if name not in own and not name.startswith(_CHOICE)]

    def _marks(self) -> dict[str, str]:
        return {name: self._mark(name, self._saved(name)) for name in self._compared()}

    def _mark(self, name, value) -> str:
        meta = self.instance._meta
        text = f"{meta.label} {self.instance.pk} {name} {plain(value)}"
        return salted_hmac("jinchuan.admin.opened", text, algorithm="sha256").hexdigest()[:20]

    def _saved(self, name):
        """The value in the row, as it was before this form was laid over it."""
        return self.sealed[name] if name in self.sealed else self[name].initial

    def _typed_mark(self, name, marks):
        bound = self[name]
        if name in self.sealed and not plain(bound.data):
            return marks.get(name) or self._mark(name, self._saved(name))
        try:
            return self._mark(name, bound.field.clean(bound.data))
        except ValidationError:
            return self._mark(name, bound.data)

    # Reading ----------------------------------------------------------------------------------------------------

    @property
    def is_stale(self) -> bool:
        return self.is_bound and "version" in self.fields and self._sent_version != self.instance.version

    def full_clean(self):
        if self.is_bound and "version" in self.fields:
            asked = self._page["asked"]
            for name in self._compared():
                if name in asked or self._choice_key(name) in self.data:
                    self._offer(name, must=name in asked)
        super().full_clean()

    def _clean_fields(self):
        """A field for which the saved value was chosen is read from the row; what was typed stays in the page."""
        given_up = [name for name in self._compared() if self.data.get(self._choice_key(name)) == SAVED]
        for name in given_up:
            self.fields[name].disabled = True
        super()._clean_fields()
        for name in given_up:
            self.fields[name].disabled = False

    def meet(self) -> None:
        """Lay a stale form over the row as it is now. To be called when everything else about the form has been said."""
        if not self.is_stale:
            return
        if not isinstance(self.refusal, Conflict):
            self.add_error(None, CHANGED_MEANWHILE)
        page, marks, self.data = self._page, self._marks(), self.data.copy()
        asked, taken = set(), {name for name in page["taken"] if name in self.fields}
        for name in self._compared():
            verdict = judge(page["marks"].get(name), marks[name], self._typed_mark(name, page["marks"]))
            key = self._choice_key(name)
            self._errors.pop(_CHOICE + name, None)
            if verdict in (Verdict.SAME, Verdict.THEIRS):
                self.fields.pop(_CHOICE + name, None)
                self.data.pop(key, None)
            if verdict is Verdict.THEIRS:
                self._take(name)
                taken.add(name)
            elif verdict is Verdict.MINE:
                self._offer(name)
                self.data.setdefault(key, TYPED)
            elif verdict is Verdict.BOTH:
                self._offer(name, must=True)
                self.data.pop(key, None)
                asked.add(name)
                self.add_error(_CHOICE + name, MUST_CHOOSE.format(label=self.called(name)))
        since = min(page["since"], self._sent_version)
        self.data[self.add_prefix("version")] = str(self.instance.version)
        self.data[self.add_prefix("opened")] = self._sealed_page(
            since=since, asked=asked, taken=taken - asked
        )

    def _choice_key(self, name):
        return self.add_prefix(_CHOICE + name)

    def _offer(self, name, *, must=False):
        sentence = MUST_CHOOSE.format(label=self.called(name))
        self._bound_fields_cache.pop(_CHOICE + name, None)
        self.fields[_CHOICE + name] = forms.ChoiceField(
            label=self.called(name),
            choices=WHICH,
            widget=forms.RadioSelect,
            required=must,
            error_messages={"required": sentence, "invalid_choice": sentence},
        )

    def _take(self, name):
        """Put the saved value where this person had typed nothing of their own."""
        self._errors.pop(name, None)
        if name in self.sealed:
            return
        field, key = self.fields[name], self.add_prefix(name)
        value = field.prepare_value(self[name].initial)
        if not isinstance(field.widget, forms.CheckboxInput):
            value = field.widget.format_value(value)
        if isinstance(value, list | tuple):
            self.data.setlist(key, [str(one) for one in value])
        elif value in (None, "", False):
            self.data.pop(key, None)
        else:
            self.data[key] = str(value)

    # Showing ----------------------------------------------------------------------------------------------------

    def called(self, name) -> str:
        """The name of a field where several stand in one list."""
        return self.fields[name].label or name

    @property
    def meeting(self) -> Meeting | None:
        """For the page: None as long as nobody else was there."""
        if not self.is_bound or "version" not in self.fields:
            return None
        page = self._page
        if page["since"] >= self._sent_version:
            return None
        told = site.door("changes")(self.instance, page["since"])
        who = {one.name: one.who for one in told}
        somebody = told[-1].who if told else ""
        differences = [
            Difference(
                label=self.called(name),
                saved=self._saved_words(name),
                who=who.get(name, "" if self._is_column(name) else somebody),
                typed=self._in_words(name, self[name].data) if plain(self[name].data) else NOTHING,
                choice=self[_CHOICE + name],
                must=name in page["asked"],
            )
            for name in self._compared()
            if _CHOICE + name in self.fields
        ]
        taken = [
            (self.called(name), self._saved_words(name), who.get(name, somebody))
            for name in page["taken"]
            if name in self.fields and _CHOICE + name not in self.fields
        ]
        others = [one.sentence for one in told if one.name not in self.fields]
        return Meeting(sorted(differences, key=lambda one: not one.must), taken, others)

    def _is_column(self, name) -> bool:
        return any(one.name == name for one in self.instance._meta.concrete_fields)

    def _saved_words(self, name) -> str:
        if name in self.sealed:
            shown = type(self.instance)(**{name: self.sealed[name]})
            return masked(shown, name) or NOTHING
        return self._in_words(name, self[name].initial)

    def _in_words(self, name, value) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            keys = value if isinstance(value, list | tuple | models.QuerySet) else [value]
            keys = [key for key in (getattr(one, "pk", one) for one in keys) if could_be_key(key)]
            rows = field.queryset.filter(pk__in=keys)
            return "、".join(str(field.label_from_instance(row)) for row in rows) or NOTHING
        if isinstance(field, forms.BooleanField):
            return "是" if value else "否"
        words = {str(key): label for key, label in getattr(field, "choices", ())}
        if isinstance(value, list):
            return "、".join(str(words.get(str(one), one)) for one in value) or NOTHING
        value = field.prepare_value(value)
        return str(words.get(str(value), value) or NOTHING) if value not in (None, "") else NOTHING
