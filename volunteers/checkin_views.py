"""The page behind the code on the wall: any phone, no account. It tells who typed that they are in or out, and nothing else."""

from django.core.exceptions import ValidationError
from django.shortcuts import render

from jinchuan.shared import clock, crypto
from jinchuan.shared.public import PublicPage, within

from .models import CheckInWindow
from .plan_forms import CheckInForm
from .services import checkins

SLOW_DOWN = "这个姓名试得太多了，请过 10 分钟再试，或找现场的工作人员登记。"


class Desk(PublicPage):
    """A whole hall behind one address may check in at once; one name is tried only so often, known or not."""

    limit = "check_in"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        windows = CheckInWindow.objects.filter(code_hash__of=kwargs["code"])
        self.window = windows.select_related("activity__organization").first()

    def get(self, request, code):
        return self.shut() or self.desk(CheckInForm())

    def post(self, request, code):
        return self.shut() or self.check_in(CheckInForm(request.POST))

    def shut(self):
        """What is said where there is no such code, or its hour is not now; None at an open desk."""
        if self.window and self.window.is_open(clock.now()):
            return None
        if self.window is None and not within(self.request, "check_in_code"):
            return self.too_often()
        return render(self.request, "checkin/closed.html", {"sentence": checkins.CHECK_IN_CLOSED}, status=404)

    def check_in(self, form):
        if not form.is_valid():
            return self.desk(form)
        name, tail = form.cleaned_data["name"], form.cleaned_data["tail"]
        key = crypto.keyed_hash(f"{self.window.activity_id}\0{name}", purpose="checking in")
        if not within(self.request, "check_in_name", key=key):
            form.add_error(None, SLOW_DOWN)
            return self.desk(form, status=429)
        leaving = {"leave": True, "return": False}.get(self.request.POST.get("intent"))
        try:
            presence = checkins.check_in(self.window, name=name, tail=tail, leaving=leaving)
        except ValidationError as refusal:
            form.refuse(refusal)
            return self.desk(form)
        context = {"presence": presence, "name": name, "tail": tail, "activity": self.window.activity}
        return render(self.request, "checkin/done.html", context)

    def desk(self, form, status=200):
        return self.ask("checkin/desk.html", form, status=status, activity=self.window.activity)
