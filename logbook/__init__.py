"""Logbook entries and learnings."""
