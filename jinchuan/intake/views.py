from django.shortcuts import render


def csrf_failure(request, reason=""):
    """The page was open too long. What was typed is kept where the form allows it."""
    return render(request, "403_csrf.html", status=403)
