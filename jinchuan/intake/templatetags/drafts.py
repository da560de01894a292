from django import template

from jinchuan.intake.pages import draft_url

register = template.Library()


@register.simple_tag
def draft_link(draft):
    """Where a draft is taken up again."""
    return draft_url(draft)
