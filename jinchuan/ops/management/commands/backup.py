"""Makes a backup: database, files, manifest. Not the keys."""

from django.core.management.base import BaseCommand, CommandError

from jinchuan.ops import backup


class Command(BaseCommand):
    help = "Writes the database, the files and a manifest into a new folder. The keys are not in it: keep them apart."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DIR", help="a folder that is new or empty")

    def handle(self, *, folder, **options):
        try:
            made = backup.make(folder)
        except backup.BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"备份完成：{len(made.tables)} 张表 {made.rows} 行，{len(made.files) - 1} 个附件。")
        self.stdout.write("备份里没有密钥，请另外妥善保存密钥。")
