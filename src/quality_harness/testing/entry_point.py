"""What pytest loads by itself where the package is installed.

It registers the plugin under the plugin's own name. So whoever names it once more, by `-p` or in a
conftest's `pytest_plugins`, finds it there, where pytest would end with an error otherwise.
"""

import pytest

from quality_harness.testing import plugin


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the plugin, unless it is there."""
    if not pluginmanager.is_registered(plugin):
        pluginmanager.register(plugin, plugin.__name__)
