from django.urls import path

from cpd import views

urlpatterns = [
    path("cpd/", views.cpd, name="cpd"),
    path("cpd/add/", views.add, name="cpd_add"),
    path("cpd/deleted/", views.deleted, name="cpd_deleted"),
    path("cpd/export/", views.export, name="cpd_export"),
    path("cpd/print/", views.print_page, name="cpd_print"),
    path("cpd/import/", views.import_file, name="cpd_import"),
    path("cpd/import/<uuid:import_id>/", views.import_step, name="cpd_import_step"),
    path("cpd/import/<uuid:import_id>/undo/", views.import_undo, name="cpd_import_undo"),
    path("cpd/import/<uuid:import_id>/rejected/", views.import_rejected, name="cpd_import_rejected"),
    path("cpd/<uuid:entry_id>/", views.entry, name="cpd_entry"),
    path("cpd/<uuid:entry_id>/edit/", views.edit, name="cpd_edit"),
    path("cpd/<uuid:entry_id>/delete/", views.delete, name="cpd_delete"),
    path("cpd/<uuid:entry_id>/restore/", views.restore, name="cpd_restore"),
    path("cpd/<uuid:entry_id>/evidence/", views.evidence, name="cpd_evidence"),
]
