"""manage.py sheet_template households -o 关爱户.xlsx"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from jinchuan.sheets import blank
from jinchuan.sheets.registers import named, names


class Command(BaseCommand):
    help = "Write the empty xlsx template of a register. Refuses an unknown register and a folder that is not there."

    def add_arguments(self, parser):
        parser.add_argument("register", choices=names(), metavar="REGISTER", help=", ".join(names()))
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="where to write the .xlsx")

    def handle(self, *, register, output, **options):
        if named(register).out_only:
            raise CommandError(named(register).out_only)
        try:
            Path(output).write_bytes(blank.template(named(register)))
        except OSError as error:
            raise CommandError(
                f"写不到 {output}：{error.strerror}。请检查文件夹是否存在、是否可写。"
            ) from error
        self.stdout.write(output)
