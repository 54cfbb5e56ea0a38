"""Figures that this project promises, each measured by one script: `make bench NAME=...`."""
