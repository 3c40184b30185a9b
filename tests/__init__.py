"""Tests mirror the modules they test; what they share is in servers.py and conftest.py."""
