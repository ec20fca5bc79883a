from django.http import HttpRequest, HttpResponse


def general_survey(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def general_to(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def confirm(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()
