"""Addresses about naming Reviewers, and theirs."""

from django.contrib import admin
from django.urls import path

from reviewers.views import answering, digests, my_digest, naming, reviewing
from reviewers.views.vetting import vetting

urlpatterns = [
    path("my-details/reviewer/", naming.my_reviewer, name="my_reviewer"),
    path("invitation/<str:token>/", answering.invitation, name="invitation"),
    path("review/", reviewing.mediators, name="review"),
    path("review/<uuid:mediator_id>/", reviewing.mediator, name="review_mediator"),
    path("review/<uuid:mediator_id>/export/", reviewing.export, name="review_export"),
    path("review/<uuid:mediator_id>/print/", reviewing.print_pdf, name="review_print"),
    path("review/<uuid:mediator_id>/resign/", reviewing.resign, name="review_resign"),
    path("review/<uuid:mediator_id>/<uuid:piece_id>/", reviewing.piece, name="review_piece"),
    path("review/<uuid:mediator_id>/digest/", digests.digest, name="digest"),
    path("review/<uuid:mediator_id>/digest/pdf/", digests.pdf, name="digest_pdf"),
    path("feedback/digest/", my_digest.my_digest, name="my_digest"),
    path("feedback/digest/pdf/", my_digest.pdf, name="my_digest_pdf"),
    # Behind the admin's own door, but not a page of its making.
    path("admin/vetting/<uuid:reviewer_id>/", admin.site.admin_view(vetting), name="vetting"),
]
