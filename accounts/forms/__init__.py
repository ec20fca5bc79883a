from .access import CodeForm
from .details import (
    AccountForm,
    DetailsForm,
    RoleForm,
    VisibilityForm,
)

__all__ = ["AccountForm", "CodeForm", "DetailsForm", "RoleForm", "VisibilityForm"]
