"""Writes every encrypted value again under the first key of FIELD_KEYS."""

from django.core.management.base import BaseCommand, CommandError

from jinchuan.ops import rotation


class Command(BaseCommand):
    help = (
        "Writes every encrypted value again under the first key of FIELD_KEYS, while the site runs. Start it after every "
        "process was restarted with the new key in front; start it again when it was interrupted. The old key may be "
        "removed when it says that nothing is left under it. INDEX_KEY is not changed by this."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="only count what stands under an old key")

    def handle(self, *, check, **options):
        if check:
            left = 0
            for place in rotation.places():
                waiting = rotation.waiting(place)
                left += waiting
                if waiting:
                    self.stdout.write(f"{place.label}：{waiting} 条还用旧密钥。")
            self.stdout.write(f"共 {left} 条还用旧密钥。")
            return
        outcome = rotation.rotate(self._report)
        self.stdout.write(f"重新加密 {outcome.written} 条。")
        for line in outcome.refused:
            self.stderr.write(f"数据库的保护规则不许改动：{line}")
        for line in outcome.unreadable:
            self.stderr.write(f"用现有密钥读不出来：{line}")
        if not outcome.is_whole:
            raise CommandError(f"还有 {outcome.left} 条用旧密钥，请再运行一次；旧密钥还不能去掉。")
        self.stdout.write("没有一条再用旧密钥，可以从 FIELD_KEYS 中去掉它。")

    def _report(self, place, done, total):
        if total:
            self.stdout.write(f"{place.label}：{done}/{total}")
