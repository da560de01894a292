"""What the roll of an organisation may be narrowed by."""

import django_filters
from django.db.models import Q

from jinchuan.shared.filters import HouseFilterSet
from jinchuan.shared.forms import Form

from .enums import VolunteerKind
from .models import Enrollment


class VolunteerFilter(HouseFilterSet):
    name = django_filters.CharFilter(label="姓名或拼音首字母", method="named")
    kind = django_filters.ChoiceFilter(
        label="人员类别", field_name="volunteer__kind", choices=VolunteerKind.choices, empty_label="全部"
    )
    roll = django_filters.ChoiceFilter(
        label="名册", choices=[("now", "在册"), ("left", "已退出")], method="on_roll", empty_label="全部"
    )

    class Meta:
        model = Enrollment
        fields = []
        form = Form

    def named(self, rows, name, value):
        for word in value.split()[:4]:
            rows = rows.filter(Q(volunteer__name__icontains=word) | Q(volunteer__name_search__icontains=word))
        return rows

    def on_roll(self, rows, name, value):
        return rows.filter(left_on__isnull=value == "now")
