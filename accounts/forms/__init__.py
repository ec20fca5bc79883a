from .details import (
    AccountForm,
    DetailsForm,
    RoleForm,
    VisibilityForm,
    language_names,
)

__all__ = ["AccountForm", "DetailsForm", "RoleForm", "VisibilityForm", "language_names"]
