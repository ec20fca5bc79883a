"""Demo mode only: invented people, a mailbox for every mail, and a sign-in with one click."""
