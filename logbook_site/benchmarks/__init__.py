"""How fast the site is, as ratios to a base that is measured in the same minute. See `__main__.py`."""
