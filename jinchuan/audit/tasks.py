import logging

from celery import shared_task

from . import chain

logger = logging.getLogger(__name__)


@shared_task(name="audit.verify")
def verify() -> None:
    """Nightly: is the log whole? What is broken is told to whoever reads the server's log, loudly."""
    for sentence in chain.breaks():
        logger.critical("audit chain: %s", sentence)
