"""What is somebody's own: taken along in one file, and deleted with the account.

The two maps, of what is told (`download_map/`) and of what goes (`tests/test_deletion_map.py`), name every model of
the site. A new model or field must be put there.
"""
