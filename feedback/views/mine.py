from django.http import HttpRequest, HttpResponse


def my_feedback(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def export(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def print_pdf(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def piece(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def note(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def report(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()
