"""The desk of IMI's one admin: what needs a hand today, and everything about a person but what is private."""
