"""Takes a backup back into an empty database."""

from django.core.management.base import BaseCommand, CommandError

from jinchuan.ops import backup


class Command(BaseCommand):
    help = "Checks a backup and fills the empty database and folder of files from it. Needs the keys it was made with."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="a folder that `backup` wrote")

    def handle(self, *, folder, **options):
        try:
            taken = backup.restore(folder)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"已恢复 {taken.made_at} 的备份：{len(taken.tables)} 张表 {taken.rows} 行，{len(taken.files) - 1} 个附件。"
        )
