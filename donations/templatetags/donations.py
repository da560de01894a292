from django import template

from donations import measures
from donations.naming import working_name

register = template.Library()


@register.simple_tag
def donor_name(donor):
    """The giver, for whoever handles the gift: organisations by name, persons masked."""
    return working_name(donor)


@register.filter
def measured(amount, lot):
    """An amount of a lot, in 元 or in its unit."""
    return measures.measured(amount, lot)
