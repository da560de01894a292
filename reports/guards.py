"""An issued report never changes, by any door."""

from jinchuan.shared.guards import Guard

GUARDS = [
    Guard(
        name="report_issued_fixed",
        table="reports_reportedition",
        message="已印发的报告不能改动",
        when="OLD.state = 'issued'",
    ),
]
