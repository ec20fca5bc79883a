"""Addresses of feedback: for mediators, and for parties (the token is their authority)."""

from django.urls import path

from feedback.views import asking, general, mine, party

urlpatterns = [
    path("feedback/", mine.my_feedback, name="my_feedback"),
    path("feedback/export/", mine.export, name="my_feedback_export"),
    path("feedback/print/", mine.print_pdf, name="my_feedback_print"),
    path("feedback/request/", asking.ask, name="feedback_request"),
    path("feedback/requests/", asking.requests, name="feedback_requests"),
    path("feedback/requests/<uuid:request_id>/cancel/", asking.cancel, name="feedback_cancel"),
    path("feedback/<uuid:piece_id>/", mine.piece, name="feedback_piece"),
    path("feedback/<uuid:piece_id>/note/", mine.note, name="feedback_note"),
    path("feedback/<uuid:piece_id>/report/", mine.report, name="feedback_report"),
    path("give-feedback/", general.general_survey, name="general_survey"),
    path("give-feedback/thank-you/", party.thank_you, name="thank_you"),
    path("give-feedback/withdraw/", party.withdraw, name="withdraw_feedback"),
    path("give-feedback/to/<str:code>/", general.general_to, name="general_to"),
    path("give-feedback/confirm/<str:token>/", general.confirm, name="confirm_feedback"),
    path("give-feedback/<str:token>/", party.survey, name="survey"),
    path("stop/<str:signed>/", party.stop, name="stop"),
]
