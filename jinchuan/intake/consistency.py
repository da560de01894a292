"""What must always hold of running numbers and attached files."""

import hashlib

from .models import Attachment, Sequence


def codes_within_sequences(model):
    """Codes beyond the last number their sequence has given: the next one would be given twice."""
    last = dict(Sequence.objects.values_list("name", "last"))
    for code in model.objects.order_by("pk").values_list("code", flat=True):
        name, _, number = code.rpartition("-")
        if not number.isdecimal() or int(number) > last.get(name, 0):
            yield f"{model._meta.verbose_name}编号 {code} 超出了编号器 {name} 最后给出的号 {last.get(name, 0)}。"


def attachments_are_whole():
    for attachment in Attachment.objects.order_by("uploaded_at", "pk").iterator(chunk_size=500):
        try:
            with attachment.file.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            yield f"附件 {attachment} 的文件不见了。"
            continue
        if found != attachment.sha256:
            yield f"附件 {attachment} 的文件内容被改动。"


CHECKS = [attachments_are_whole]
