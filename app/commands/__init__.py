"""What the command line does beside serving: each module has `add`, which says what it takes, and `main`."""
