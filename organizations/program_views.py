"""Service brands as every organisation may read of them: who carries them, and what came of them. Counts, no names."""

from django.shortcuts import get_object_or_404, render

from jinchuan.shared.access import ListPage, Page

from .facts import PROGRAMS
from .models import Program


class Programs(ListPage):
    permission = "organizations.view_program"
    organization_only = True
    template_name = "organizations/programs.html"

    def rows(self):
        return Program.objects.visible_to(self.request.user).for_list()


class OneProgram(Page):
    permission = "organizations.view_program"
    organization_only = True

    def get(self, request, code):
        program = get_object_or_404(Program.objects.visible_to(request.user).for_list(), code=code)
        facts = zip(PROGRAMS.columns, PROGRAMS.of([program.pk])[program.pk], strict=True)
        context = {
            "program": program,
            "partners": program.partners.running().for_list(),
            "facts": [(column, column.public(value)) for column, value in facts],
        }
        return render(request, "organizations/program.html", context)
