from django.http import HttpResponse


def live(request):
    return HttpResponse("ok")


ready = live
