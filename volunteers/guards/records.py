"""Hours that are confirmed stay as they are, and who came when stays told, whoever asks: admin, shell or raw SQL."""

from jinchuan.shared.guards import Guard, same

_HOURS = (
    "id",
    "activity_id",
    "started_at",
    "ended_at",
    "break_minutes",
    "minutes",
    "recorded_at",
    "recorded_by_id",
    "confirmed_at",
    "confirmed_by_id",
    "supersedes_id",
    "reason",
)


GUARDS = [
    Guard(
        name="service_record_fixed",
        table="volunteers_servicerecord",
        message="已确认的服务时长不能改动，请另行更正",
        when="OLD.state <> 'recorded'",
        # Two doors: a confirmed correction takes its place; one person who was registered twice becomes one.
        except_update=f"{same(_HOURS)} AND ("
        f"OLD.state = 'confirmed' AND NEW.state = 'corrected' AND {same(['volunteer_id'])} "
        f"OR {same(['state'])})",
    ),
    Guard(name="check_in_append_only", table="volunteers_checkin", message="签到只能追加，不能改动"),
]
