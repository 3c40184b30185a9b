"""The mathematics of Bean Bowl: gradient descent on small regressions, in NumPy alone.

In a few lines::

    import engine

    spec = engine.RunSpec.from_dict({"optimizer": {"learning_rate": 0.2}})
    result = engine.run(spec)
    result.trajectory.theta  # (T+1, P)
    result.outcome.sentence
"""

from engine.batches import ORDERS
from engine.catalog import catalog, catalog_texts
from engine.datasets import DATASETS, Dataset, from_points
from engine.losses import LOSSES
from engine.messages import MESSAGES, Message, Problem, SpecError
from engine.models import MODELS
from engine.objective import Objective
from engine.optimizers import OPTIMIZERS
from engine.outcome import Outcome, Status
from engine.regimes import Outlook, Regime
from engine.runs import Run, RunResult, run
from engine.spec import Change, RunSpec, Stop
from engine.surface import loss_surface, surface, window
from engine.sweeps import GOAL, steps_to_goal, sweep
from engine.table import Table
from engine.theory import Theory, analyse
from engine.trajectory import Trajectory
from engine.updates import Update, explain

__all__ = [
    "DATASETS",
    "GOAL",
    "LOSSES",
    "MESSAGES",
    "MODELS",
    "OPTIMIZERS",
    "ORDERS",
    "Change",
    "Dataset",
    "Message",
    "Objective",
    "Outcome",
    "Outlook",
    "Problem",
    "Regime",
    "Run",
    "RunResult",
    "RunSpec",
    "SpecError",
    "Status",
    "Stop",
    "Table",
    "Theory",
    "Trajectory",
    "Update",
    "analyse",
    "catalog",
    "catalog_texts",
    "explain",
    "from_points",
    "loss_surface",
    "run",
    "steps_to_goal",
    "surface",
    "sweep",
    "window",
]
