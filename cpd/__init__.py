"""Professional development."""
