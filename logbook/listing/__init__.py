from .entries import LogbookListing
from .learnings import LearningsListing

__all__ = ["LearningsListing", "LogbookListing"]
