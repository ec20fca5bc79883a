"""`make faults`: the whole site is hurt in every way we can think of, while people use it; then it is looked at.

The site runs as `make run` runs it, with servers of its own on 127.0.0.1 and a mail server that does as it is told.
`visitors.py` are the people, `invariants.py` says what must be true afterwards, whatever happened. Each other module is
one kind of harm. Chance is seeded: SEED=7 make faults does the same again, as far as two processors can.

What one fault does to one mail is tested in accounts/tests/test_outbox.py and feedback/tests/test_faults.py.
"""

import pytest

pytest.register_assert_rewrite("logbook_site.faults.invariants")
