from django.http import HttpRequest, HttpResponse


def ask(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def requests(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def cancel(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()
