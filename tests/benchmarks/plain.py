"""What REST is measured against: a FastAPI application without anything, and rows as one builds them first.

`python -m tests.benchmarks.plain PORT` serves POST /empty, and POST /rows: a run as JSON with an object for each row.
"""

import sys
from typing import Any

import uvicorn
from fastapi import FastAPI

import engine

app = FastAPI()


@app.post("/empty")
async def empty() -> dict[str, Any]:
    """Nothing."""
    return {}


@app.post("/rows")
def rows(spec: dict[str, Any]) -> list[dict[str, float]]:
    """Every row as an object."""
    found = engine.run(engine.RunSpec.from_dict(spec)).trajectory
    return [
        {"step": int(found.step[i]), "loss": float(found.loss[i])}
        | {name: float(found.theta[i, j]) for j, name in enumerate(found.names)}
        for i in range(len(found))
    ]


@app.get("/healthz")
async def healthz() -> dict[str, str]:
    """It lives."""
    return {"status": "ok"}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws="none")
