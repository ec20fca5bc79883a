from .pieces import Card, FeedbackListing
from .requests import RequestListing

__all__ = ["Card", "FeedbackListing", "RequestListing"]
