from .details import (
    AccountForm,
    DetailsForm,
    RoleForm,
    VisibilityForm,
)

__all__ = ["AccountForm", "DetailsForm", "RoleForm", "VisibilityForm"]
