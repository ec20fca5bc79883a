"""`make mutants`: the code is changed in one place, again and again, and each time some test must fail.

`areas.py` says which code, and which tests should notice; `making.py` makes the changes; `running.py` lets the tests
run. What was found: `docs/mutations.md`.
"""
