# Django puts a comma between month and year; Arabic does not.
DATE_FORMAT = "j F Y"
