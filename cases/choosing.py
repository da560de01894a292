"""What forms offer to choose from, and in which words."""

from jinchuan.shared.masking import mask_name


def household_label(household) -> str:
    """张*兰（龙集里，HJ-0012）: enough to tell one's households apart. Of one no longer shared, the code alone."""
    if not household.head_name:
        return household.code
    return f"{mask_name(household.head_name)}（{household.community.short_name}，{household.code}）"


def offer(field, model, rows) -> None:
    """Let a choice of rows offer exactly these, in these words, without asking the database for them again."""
    rows = list(rows)
    field.queryset = model.objects.filter(pk__in=[row.pk for row, _ in rows])
    field.choices = [("", field.empty_label), *((row.pk, words) for row, words in rows)]
