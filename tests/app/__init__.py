"""HTTP, websockets, settings, languages and the command line."""
