"""What left the house stays what it was, and nothing leaves it without every consent: whoever asks, by whatever door."""

from dataclasses import dataclass

from jinchuan.shared.guards import Guard, same

from .enums import FROZEN, NEVER_IDENTIFIABLE, OUT, Shown
from .ledger.touched import Watch
from .models import Touched


def _quoted(values) -> str:
    return ", ".join(f"'{value}'" for value in values)


# Wiping the words of people long gone (cases.services.retention) is the one door.
_WIPED = "(NEW.text IS NOT DISTINCT FROM OLD.text OR NEW.text = '')"
_TITLE_WIPED = "(NEW.title IS NOT DISTINCT FROM OLD.title OR NEW.text = '')"
_OUT, _FROZEN = _quoted(OUT), _quoted(FROZEN)


@dataclass(frozen=True)
class Judged(Guard):
    """A guard over what a row would become (``refuse``, SQL over ``NEW``), on INSERT and UPDATE; ``kept`` rows (SQL over ``OLD``)
    are not deleted, nor replaced on SQLite by one that is the ``same`` (SQL over both)."""

    refuse: str = "1=1"
    refuse_update: str = ""
    kept: str = "1=1"
    same: str = "id = NEW.id"

    def _sqlite(self):
        stop = f"SELECT RAISE(ABORT, '{self.name}: {self.message}');"
        replaced = self.kept.replace("OLD.", f"{self.table}.")
        there = f"EXISTS (SELECT 1 FROM {self.table} WHERE ({self.same}) AND ({replaced}))"
        return [
            *(f"DROP TRIGGER IF EXISTS {self.name}_{event}" for event in ("update", "delete", "replace")),
            f"CREATE TRIGGER {self.name}_update BEFORE UPDATE ON {self.table} "
            f"WHEN {self.refuse_update or self.refuse} BEGIN {stop} END",
            f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON {self.table} WHEN {self.kept} BEGIN {stop} END",
            f"CREATE TRIGGER {self.name}_replace BEFORE INSERT ON {self.table} "
            f"WHEN ({self.refuse}) OR {there} BEGIN {stop} END",
        ]

    def _postgresql(self):
        stop = (
            f"RAISE EXCEPTION '{self.name}: {self.message}' USING ERRCODE = 'integrity_constraint_violation'"
        )
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}_refuse() RETURNS trigger AS $$ BEGIN "
            f"IF TG_OP = 'DELETE' THEN IF {self.kept} THEN {stop}; END IF; RETURN OLD; END IF; "
            f"IF TG_OP = 'UPDATE' THEN IF {self.refuse_update or self.refuse} THEN {stop}; END IF; RETURN NEW; END IF; "
            f"IF {self.refuse} THEN {stop}; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            *(
                f"DROP TRIGGER IF EXISTS {self.name}_{event} ON {self.table}"
                for event in ("update", "delete", "replace")
            ),
            *(
                f"CREATE TRIGGER {self.name}_{event} BEFORE {operation} ON {self.table} FOR EACH ROW "
                f"EXECUTE FUNCTION {self.name}_refuse()"
                for event, operation in (("update", "UPDATE"), ("delete", "DELETE"), ("replace", "INSERT"))
            ),
        ]


def _of_issued(row) -> str:
    return (
        f"EXISTS (SELECT 1 FROM reports_reportedition e WHERE e.id = {row}.edition_id AND e.state = 'issued')"
    )


def _in_state(story, states) -> str:
    return f"EXISTS (SELECT 1 FROM reports_story s WHERE s.id = {story} AND s.state IN ({states}))"


# Photos of people whose names are gone go with the story's words (reports.telling).
_WORDLESS = "EXISTS (SELECT 1 FROM reports_story w WHERE w.id = OLD.story_id AND w.text = '')"


def _in_force(table, day) -> str:
    return (
        f"{table}.given_on <= {day} AND ({table}.expires_on IS NULL OR {table}.expires_on > {day}) "
        f"AND ({table}.withdrawn_on IS NULL OR {table}.withdrawn_on > {day}) "
        f"AND (p.is_minor = FALSE OR {table}.given_by = 'guardian')"
    )


def _lacks(item) -> str:
    """Person ``p`` of release ``r`` has no consent in force for this item on ``NEW.channel``."""
    return (
        f"NOT EXISTS (SELECT 1 FROM cases_consent c WHERE c.member_id = p.member_id AND c.purpose = '{item}' "
        f"AND c.channel = NEW.channel AND {_in_force('c', 'r.released_on')}) "
        f"AND NOT EXISTS (SELECT 1 FROM reports_publicationconsent k WHERE p.member_id IS NULL AND k.person_id = p.id "
        f"AND k.item = '{item}' AND k.channel = NEW.channel AND {_in_force('k', 'r.released_on')})"
    )


_NAMED = f"(p.shown = '{Shown.FULL}' OR (p.shown = '{Shown.SURNAME}' AND p.is_minor = TRUE))"
_PROTECTED = (
    "EXISTS (SELECT 1 FROM cases_hardship h JOIN reports_story s ON s.id = r.story_id WHERE h.member_id = p.member_id "
    f"AND h.category IN ({_quoted(NEVER_IDENTIFIABLE)}) AND h.started_on <= r.released_on "
    "AND (h.ended_on IS NULL OR h.ended_on > s.happened_on))"
)
# The same rule as reports.consenting, in the words of the database.
_SOMEBODY_LACKS = (
    "EXISTS (SELECT 1 FROM reports_storyrelease r JOIN reports_storyperson p ON p.story_id = r.story_id "
    f"WHERE r.id = NEW.release_id AND p.shown <> '{Shown.HIDDEN}' AND ("
    f"({_lacks('publish_story')}) OR ({_NAMED} AND {_lacks('publish_name')}) "
    f"OR (p.photo = TRUE AND {_lacks('publish_photo')}) "
    f"OR ((p.photo = TRUE OR p.shown IN ('{Shown.FULL}', '{Shown.SURNAME}')) AND {_PROTECTED})))"
)
_RELEASED = (
    "EXISTS (SELECT 1 FROM reports_storyrelease r JOIN reports_releasechannel c ON c.release_id = r.id "
    "WHERE r.story_id = NEW.id AND r.digest = NEW.digest AND r.title = NEW.title AND r.text = NEW.text)"
)
_RELEASE_COLUMNS = (
    "id",
    "story_id",
    "number",
    "digest",
    "released_on",
    "released_at",
    "released_by_id",
)
_STORY_COLUMNS = ("id", "code", "happened_on", "written_by_id", "released_on")

_IN_THE_MAKING = (
    "EXISTS (SELECT 1 FROM reports_closing c WHERE c.id = NEW.closing_id AND c.state = 'closing')"
)
_CLOSED_COLUMNS = (
    "waived",
    "begun_at",
    "begun_by_id",
    "attempts",
    "closed_at",
    "closed_by_id",
    "sha256",
    "lines",
)

GUARDS = [
    Watch(name="touched", table=Touched._meta.db_table, message=""),
    Judged(
        name="closing_fixed",
        table="reports_closing",
        message="已定稿的月份不能改动",
        sentence="这个月已经定稿，或者有人正在定稿，请刷新页面。",
        refuse="NEW.state <> 'closing'",
        refuse_update=" OR ".join(
            [
                "OLD.state = 'reopened'",
                f"NOT ({same(('id', 'month', 'number'))})",
                "(OLD.state = 'closed' AND NOT (NEW.state IN ('closed', 'reopened') AND "
                f"{same(_CLOSED_COLUMNS)}))",
            ]
        ),
        same="id = NEW.id OR month = NEW.month AND (number = NEW.number OR state <> 'reopened') OR state = 'closing'",
    ),
    *(
        Judged(
            name=f"{name}_fixed",
            table=table,
            message="统计台账只在定稿时入账，不能改动",
            refuse=f"NOT {_IN_THE_MAKING}",
            refuse_update="1=1",
        )
        for name, table in (("entry", "reports_entry"), ("closed_figures", "reports_closedfigures"))
    ),
    Guard(
        name="report_issued_fixed",
        table="reports_reportedition",
        message="已印发的报告不能改动",
        when="OLD.state = 'issued'",
    ),
    Judged(
        name="report_file_fixed",
        table="reports_editionfile",
        message="已印发的报告，附带的文件不能改动",
        refuse=_of_issued("NEW"),
        refuse_update=f"{_of_issued('NEW')} OR {_of_issued('OLD')}",
        kept=_of_issued("OLD"),
    ),
    Judged(
        name="story_out_by_release",
        table="reports_story",
        message="没有送出记录的稿件不能是已送出或已发布",
        refuse=f"NEW.state IN ({_OUT}) AND NOT {_RELEASED}",
        kept="1=1",
    ),
    Guard(
        name="story_out_fixed",
        table="reports_story",
        message="已送出的稿件不能改动",
        when=f"OLD.state IN ({_OUT})",
        except_update=" AND ".join(
            [
                f"(NEW.state IN ({_OUT}) OR NEW.state = 'withdrawn')",
                "(OLD.state = 'released' OR NEW.state <> 'released')",
                _WIPED,
                _TITLE_WIPED,
                "NEW.digest = OLD.digest",
                same(_STORY_COLUMNS),
            ]
        ),
    ),
    *(
        Judged(
            name=f"story_{part}_stands_still",
            table=f"reports_story{part}",
            message="定稿以后，人物和照片不能改动",
            refuse=_in_state("NEW.story_id", _FROZEN),
            refuse_update=(
                f"({_in_state('NEW.story_id', _FROZEN)} OR {_in_state('OLD.story_id', _FROZEN)}) "
                f"AND NOT ({same(columns)})"
            ),
            kept=f"{_in_state('OLD.story_id', _FROZEN)} AND NOT {_WORDLESS}",
        )
        # Who it is may follow a merge, and names may be wiped; how they are shown stands.
        for part, columns in (
            ("person", ("id", "story_id", "shown", "photo", "is_minor", "is_protected")),
            ("photo", ("id", "story_id", "attachment_id", "number", "is_used")),
        )
    ),
    Guard(
        name="story_release_fixed",
        table="reports_storyrelease",
        message="送出的版本不能改动",
        except_update=" AND ".join([_WIPED, _TITLE_WIPED, same(_RELEASE_COLUMNS)]),
    ),
    Judged(
        name="story_channel_consented",
        table="reports_releasechannel",
        message="还有人没有同意在这个渠道公开",
        refuse=(
            "NOT EXISTS (SELECT 1 FROM reports_storyrelease r JOIN reports_story s ON s.id = r.story_id "
            f"WHERE r.id = NEW.release_id AND s.state IN ('consented', {_OUT}) AND s.digest = r.digest "
            f"AND s.title = r.title AND s.text = r.text) OR {_SOMEBODY_LACKS}"
        ),
        refuse_update="1=1",
    ),
]
