"""`python -m app` is `beanbowl`."""

from app.cli import main

raise SystemExit(main())
