"""Which code is changed, and which tests should notice. Tests that are slow, or in a browser, never run."""

FOUNDATION = "logbook_site/foundation"
FEEDBACK, ACCOUNTS = "feedback/tests", "accounts/tests"

# {area: {file: [where its tests are]}}
AREAS: dict[str, dict[str, list[str]]] = {
    "hours": {
        f"{FOUNDATION}/hours.py": [f"{FOUNDATION}/tests/test_hours.py"],
    },
    "permissions": {
        "accounts/permissions.py": [f"{ACCOUNTS}/test_permissions.py"],
        "feedback/permissions.py": [f"{FEEDBACK}/test_querysets.py"],
        "reviewers/permissions.py": ["reviewers/tests/test_querysets.py"],
    },
    "querysets": {
        "logbook/querysets.py": ["logbook/tests/test_querysets.py"],
        "cpd/querysets.py": ["cpd/tests/test_services.py"],
        "directory/querysets.py": ["directory/tests/test_looks.py"],
        "feedback/querysets.py": [f"{FEEDBACK}/test_querysets.py"],
        "reviewers/querysets.py": ["reviewers/tests/test_querysets.py"],
        "accounts/querysets.py": [
            f"{ACCOUNTS}/test_querysets.py", f"{ACCOUNTS}/test_queryset_limits.py", f"{ACCOUNTS}/test_names.py",
        ],
    },
    "vault": {
        f"{FOUNDATION}/vault.py": [f"{FOUNDATION}/tests/test_vault.py"],
        f"{FOUNDATION}/sealing.py": [
            f"{FOUNDATION}/tests/test_sealing.py", f"{FOUNDATION}/tests/test_sealed_files.py",
        ],
        "feedback/services/contacts.py": [f"{FEEDBACK}/test_services_requests.py"],
        "feedback/services/forgetting.py": [
            f"{FEEDBACK}/test_services_forgetting.py", f"{FEEDBACK}/test_services_requests.py",
            f"{FEEDBACK}/test_services_answers.py", f"{FEEDBACK}/test_general.py",
        ],
    },
    "outbox": {
        "accounts/services/outbox.py": [
            f"{ACCOUNTS}/test_outbox.py", f"{FEEDBACK}/test_services_forgetting.py",
            "logbook_site/tests/test_restoring.py",
        ],
        "accounts/services/bell.py": [f"{ACCOUNTS}/test_outbox.py"],
    },
    "survey": {
        "feedback/services/answers.py": [
            f"{FEEDBACK}/test_questions.py", f"{FEEDBACK}/test_answers_kept.py",
            f"{FEEDBACK}/test_services_answers.py", f"{FEEDBACK}/test_general.py", f"{FEEDBACK}/test_stop.py",
            "logbook_site/tests/test_restoring.py",
        ],
        "feedback/forms/survey.py": [f"{FEEDBACK}/test_questions.py", f"{FEEDBACK}/test_survey.py"],
        "feedback/surveys.py": [
            f"{FEEDBACK}/test_questions.py", f"{FEEDBACK}/test_survey.py", f"{FEEDBACK}/test_feedback_summaries.py",
        ],
    },
}  # fmt: skip
