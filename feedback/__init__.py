"""Surveys, and what parties said."""
