from django.http import HttpResponse


def not_found(request, exception=None):
    return HttpResponse("404", status=404)


forbidden = bad_request = server_error = not_found


def csrf_failure(request, reason=""):
    return HttpResponse("403", status=403)
