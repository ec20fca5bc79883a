from django.http import HttpRequest, HttpResponse


def thank_you(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def withdraw(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def survey(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()


def stop(request: HttpRequest, **kwargs) -> HttpResponse:
    return HttpResponse()
