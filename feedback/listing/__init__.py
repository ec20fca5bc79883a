from .pieces import FeedbackListing
from .requests import RequestListing

__all__ = ["FeedbackListing", "RequestListing"]
