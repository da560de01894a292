"""Looks through the whole database for what must never be."""

import sys

from django.core.management.base import BaseCommand

from jinchuan.ops import consistency


class Command(BaseCommand):
    help = "Checks what must always hold of the data. Prints what is wrong to stderr and fails when there is any."

    def handle(self, **options):
        found = 0
        for sentence in consistency.findings():
            found += 1
            self.stderr.write(sentence)
        number = len(consistency.checks())
        if found:
            self.stderr.write(f"共检查 {number} 项，发现 {found} 处问题。")
            sys.exit(1)
        self.stdout.write(f"共检查 {number} 项，没有发现问题。")
