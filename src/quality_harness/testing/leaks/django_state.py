"""Probes of what belongs to Django: settings, language, time zone, URLs."""

from typing import Any

from django.conf import UserSettingsHolder, settings
from django.urls import get_script_prefix, get_urlconf
from django.utils import timezone, translation

from quality_harness.testing.leaks import MISSING, Probe, State
from quality_harness.testing.leaks.rules import DJANGO


class _Settings:
    """Looks at settings; keeps a copy of each list and dictionary in them.

    To compare with the copy is faster than to make a new one, and shows what was changed in place.
    """

    def __init__(self) -> None:
        self._known: State = {}

    def look(self) -> State:
        """Return the copy, a new one where something differs."""
        found = _all_settings()
        if found != self._known:
            self._known = {name: _copied(value) for name, value in found.items()}
        return self._known

    @staticmethod
    def tell(name: str, before: Any, after: Any) -> str:
        """Say what happened to a setting."""
        if before is MISSING:
            return f"the setting {name} added"
        return f"the setting {name} {'removed' if after is MISSING else 'changed'}"


def _all_settings() -> State:
    holders, holder = [], settings._wrapped
    while isinstance(holder, UserSettingsHolder):
        holders.append(holder)
        holder = holder.__dict__.get("default_settings")
    found = dict(vars(holder))
    for each in reversed(holders):
        found |= vars(each)
        for deleted in vars(each).get("_deleted", ()):
            found.pop(deleted, None)
    # Whoever makes the test databases writes their names into DATABASES.
    return {name: value for name, value in found.items() if name.isupper() and name != "DATABASES"}


def _copied(value: Any) -> Any:
    """Return a copy of what can be changed in place, with the same leaves."""
    if type(value) is dict:
        return {key: _copied(each) for key, each in value.items()}
    if type(value) is list:
        return [_copied(each) for each in value]
    if type(value) is set:
        return set(value)
    return value


def _language() -> State:
    return {"language": translation.get_language()}


def _time_zone() -> State:
    return {"time zone": timezone.get_current_timezone_name()}


def _urls() -> State:
    # A request sets it to what it is anyway.
    urlconf = get_urlconf()
    own = None if urlconf == getattr(settings, "ROOT_URLCONF", None) else urlconf
    return {"urlconf": own, "script prefix": get_script_prefix()}


def _tell_value(name: str, before: Any, after: Any) -> str:
    return f"the {name} changed from {before!r} to {after!r}"


def make_probes() -> tuple[Probe, ...]:
    """Return the probes of this module."""
    kept = _Settings()
    return (
        Probe(DJANGO, kept.look, kept.tell, "Use override_settings or self.settings(...)."),
        Probe(DJANGO, _language, _tell_value, "Use translation.override(...)."),
        Probe(DJANGO, _time_zone, _tell_value, "Use timezone.override(...)."),
        Probe(DJANGO, _urls, _tell_value, "Use override_settings(ROOT_URLCONF=...)."),
    )
