"""What must always hold of imports."""

from jinchuan.audit.consistency import state_follows_transitions

from . import keeping
from .enums import UNFINISHED, ImportState
from .models import SheetImport


def states():
    yield from state_follows_transitions(SheetImport)


def files_are_there():
    """Whoever waits for a worker or a confirmation has a file that can be read."""
    for row in SheetImport.objects.filter(state__in=[*UNFINISHED, ImportState.READY]):
        try:
            keeping.unseal(row.pk, keeping.UPLOAD)
        except keeping.Lost:
            yield f"表格导入 {row} 的文件不见了，或不能读出。"


CHECKS = [states, files_are_there]
