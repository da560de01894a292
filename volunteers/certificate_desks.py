"""What the desk of an organisation shows of its certificates: those that wait for the administrator, and remarks."""

from django.urls import reverse

from jinchuan.intake import desk
from jinchuan.shared.clock import today
from jinchuan.shared.templatetags.house import short_date

from .models import Certificate, CertificateRemark

SHOWN_ON_DESK = 5


def to_issue_block(user):
    """For whoever issues: what has been announced long enough, batches as one line each."""
    if not user.has_perm("volunteers.issue_certificate"):
        return None
    rows = Certificate.objects.visible_to(user).ripe_on(today()).filter(paper__isnull=True)
    rows = rows.exclude(applied_by=user).select_related("volunteer", "batch").order_by("notice_until", "id")
    tasks_, batches = [], set()
    for row in rows[:200]:
        if row.batch_id in batches:
            continue
        if row.batch_id:
            batches.add(row.batch_id)
            url = reverse("certificates:batch", args=[row.batch.code])
        else:
            url = reverse("certificates:certificate", args=[row.code])
        title = f"待开具证明　{row.batch or row}"
        tasks_.append(desk.Task(title, f"公示已于{short_date(row.notice_until)}期满", url))
    more = f"{reverse('certificates:certificates')}?state=noticed" if len(tasks_) > SHOWN_ON_DESK else ""
    return desk.Block("待开具的志愿服务证明", tasks_[:SHOWN_ON_DESK], more=more)


def remarks_block(user):
    """What the bureau wants looked into."""
    if not user.has_perm("volunteers.issue_certificate"):
        return None
    remarks = CertificateRemark.objects.visible_to(user).unanswered().select_related("certificate")
    tasks_ = [
        desk.Task(
            f"请核对证明　{one.certificate}",
            one.text,
            reverse("certificates:certificate", args=[one.certificate.code]),
            urgent=True,
        )
        for one in remarks[:SHOWN_ON_DESK]
    ]
    return desk.Block("民政局提醒核对的证明", tasks_)
