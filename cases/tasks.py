from celery import shared_task

from .services import digests, needs, notices, obligations, pairings


@shared_task(name="cases.expire_intentions")
def expire_intentions() -> None:
    """Nightly: intentions whose hold is over lapse by themselves."""
    pairings.expire_intentions()


@shared_task(name="cases.expire_claims")
def expire_claims() -> None:
    """Nightly: claims whose hold is over lapse, and what they held is open again."""
    needs.expire_claims()


@shared_task(name="cases.obligations")
def judge_obligations() -> None:
    """Nightly: duties are made and judged, then people are reminded of what they still owe."""
    obligations.run_night()
    notices.remind()


@shared_task(name="cases.mail_digests")
def mail_digests() -> None:
    """In the morning: one mail to everybody with an address and new reminders."""
    digests.send_digests()
