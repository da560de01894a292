"""The pages for a request that could not be read, an address that is no page, and a failure of ours.

The templates are 400, 405, 413 and 500.html.
"""

import logging
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponseServerError
from django.shortcuts import render

from jinchuan.shared.middleware import current_request_id

logger = logging.getLogger(__name__)

# For when not even a template can be rendered, such as when the database is gone.
LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>页面暂时打不开</title>'
    "<h1>页面暂时打不开</h1><p>是系统这边的问题，已经记录下来。已提交的记录不受影响，请稍后再试。"
    "编号：{number}</p></html>"
)


def bad_request(request, exception):
    """400, or 413 when it was only too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def server_error(request):
    """500 with the number of the request, under which the log tells what happened; never a word of that itself."""
    try:
        return render(request, "500.html", status=500)
    except Exception:
        # Whatever broke the page may break this one as well; there must be an answer all the same.
        logger.exception("the page for failures failed")
        return HttpResponseServerError(LAST_RESORT.format(number=current_request_id()))


class NotAllowedMiddleware:
    """Gives a 405 its page. Who signs in again comes back by GET to an address that only takes what a button sends."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page
