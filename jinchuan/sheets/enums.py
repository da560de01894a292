"""Words of the sheets app and the moves they allow."""

from jinchuan.shared.moves import States


class ImportState(States):
    """A file on its way to records. What a killed worker had in hand goes back to where it was taken from."""

    QUEUED = "queued", "等待检查"
    CHECKING = "checking", "检查中"
    WRONG = "wrong", "需要修改"
    NOTHING = "nothing", "没有要写入的"
    READY = "ready", "待确认"
    CONFIRMED = "confirmed", "等待写入"
    IMPORTING = "importing", "写入中"
    DONE = "done", "已导入"
    FAILED = "failed", "未导入"
    LAPSED = "lapsed", "已过期"

    @classmethod
    def moves(cls):
        return {
            cls.QUEUED: {cls.CHECKING, cls.LAPSED},
            cls.CHECKING: {cls.WRONG, cls.NOTHING, cls.READY, cls.QUEUED, cls.FAILED},
            cls.READY: {cls.CONFIRMED, cls.LAPSED},
            cls.CONFIRMED: {cls.IMPORTING},
            cls.IMPORTING: {cls.DONE, cls.WRONG, cls.NOTHING, cls.CONFIRMED, cls.FAILED},
        }


WITH_A_WORKER = {ImportState.CHECKING, ImportState.IMPORTING}
UNFINISHED = {ImportState.QUEUED, ImportState.CONFIRMED} | WITH_A_WORKER
# The file may go while the state stays: there is nothing in it that is still to be written.
CHECKED_AND_OVER = {ImportState.WRONG, ImportState.NOTHING}
WITH_FINDINGS = {ImportState.READY} | CHECKED_AND_OVER
OVER = {ImportState.DONE, ImportState.FAILED, ImportState.LAPSED}
