from django.urls import path

from logbook import views

urlpatterns = [
    path("logbook/", views.logbook, name="logbook"),
    path("logbook/add/", views.add, name="logbook_add"),
    path("logbook/deleted/", views.deleted, name="logbook_deleted"),
    path("logbook/export/", views.export, name="logbook_export"),
    path("logbook/print/", views.print_page, name="logbook_print"),
    path("logbook/import/", views.import_file, name="logbook_import"),
    path("logbook/import/<uuid:import_id>/", views.import_step, name="logbook_import_step"),
    path("logbook/import/<uuid:import_id>/undo/", views.import_undo, name="logbook_import_undo"),
    path("logbook/import/<uuid:import_id>/rejected/", views.import_rejected, name="logbook_import_rejected"),
    path("logbook/<uuid:entry_id>/", views.entry, name="logbook_entry"),
    path("logbook/<uuid:entry_id>/edit/", views.edit, name="logbook_edit"),
    path("logbook/<uuid:entry_id>/delete/", views.delete, name="logbook_delete"),
    path("logbook/<uuid:entry_id>/restore/", views.restore, name="logbook_restore"),
    path("learnings/", views.learnings, name="learnings"),
    path("learnings/export/", views.export_learnings, name="learnings_export"),
    path("learnings/print/", views.print_learnings, name="learnings_print"),
]
