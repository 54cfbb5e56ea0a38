"""Three views that answer alike: without limits, with ours, and with those of the framework."""
