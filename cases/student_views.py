"""What the lead organisation of a student-aid programme reads of its students: code, stage and street, nothing else."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from jinchuan.shared.access import ListPage
from organizations.enums import ProgramKind
from organizations.models import Program

from .models import StudentAid


class Students(ListPage):
    permission = "cases.view_studentaid"
    organization_only = True
    template_name = "cases/students.html"

    def get(self, request, code):
        programs = Program.objects.visible_to(request.user).filter(kind=ProgramKind.STUDENT_AID)
        self.program = get_object_or_404(programs, code=code)
        if self.program.lead_organization_id != request.user.organization_id:
            raise Http404
        return super().get(request)

    def rows(self):
        rows = StudentAid.objects.visible_to(self.request.user).filter(program=self.program)
        return rows.select_related("community__parent").order_by("-school_year", "code")

    def context(self):
        return {"program": self.program}
