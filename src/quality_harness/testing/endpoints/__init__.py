"""What a project declares about its routes; `docs/endpoints.md` shows how."""

from quality_harness.testing.endpoints.declarations import (
    Allowed,
    Endpoints,
    Ignored,
    Public,
)
from quality_harness.testing.roles import Role

__all__ = ["Allowed", "Endpoints", "Ignored", "Public", "Role"]
