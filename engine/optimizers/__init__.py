"""Every method of descent by name, with its parameters as PyTorch's torch.optim names them."""

from engine.optimizers.adaptive import ADAGRAD, ADAM, RMSPROP
from engine.optimizers.base import Hyper, LinearRule, Numbers, Optimizer, State
from engine.optimizers.descent import FIXED_STEP, GRADIENT_DESCENT
from engine.optimizers.momentum import MOMENTUM, NESTEROV
from engine.registry import Entry, ParamSpec, Registry

__all__ = ["OPTIMIZERS", "Hyper", "LinearRule", "Numbers", "Optimizer", "State"]


def _rate(default: float, text: str = "How far one step goes for a slope of 1.") -> ParamSpec:
    return ParamSpec(
        "learning_rate",
        "Learning rate",
        default,
        1e-30,
        1e3,
        text,
        symbol="a",
        scale="log",
        slider=(1e-4, 10.0),
    )


def _decay(name: str, label: str, symbol: str, default: float, text: str) -> ParamSpec:
    return ParamSpec(name, label, default, 0.0, 1 - 2**-20, text, symbol=symbol, slider=(0.0, 0.999))


def _epsilon(default: float) -> ParamSpec:
    return ParamSpec(
        "eps",
        "Epsilon",
        default,
        1e-16,
        1.0,
        "Added to the root so that nothing is divided by zero.",
        symbol="ε",
        scale="log",
        slider=(1e-10, 1e-2),
    )


_WHATEVER = "About how far one step goes, whatever the slope."
_STEP = ParamSpec(
    "step",
    "Step size",
    0.01,
    1e-30,
    1e3,
    "How far every step goes, whatever the slope.",
    symbol="s",
    scale="log",
    slider=(1e-4, 1.0),
)
_MOMENTUM = _decay("momentum", "Momentum", "β", 0.9, "How much of the velocity is left after one step.")
_LR_DECAY = ParamSpec(
    "lr_decay",
    "Rate decay",
    0.0,
    0.0,
    1.0,
    "How fast the rate itself shrinks: after t steps it is divided by 1 + t·decay.",
    slider=(0.0, 0.1),
)
_ALPHA = _decay("alpha", "Smoothing", "α", 0.99, "How slowly the mean of squared gradients forgets.")
_BETA1 = _decay("beta1", "Gradient decay", "β₁", 0.9, "How slowly the mean of gradients forgets.")
_BETA2 = _decay("beta2", "Square decay", "β₂", 0.999, "How slowly the mean of squared gradients forgets.")

OPTIMIZERS = Registry[Optimizer](
    "optimizer",
    Entry(
        "gradient-descent",
        "Gradient descent",
        "θ ← θ − a·g: against the slope, further where it is steeper.",
        GRADIENT_DESCENT,
        (_rate(0.1),),
    ),
    Entry(
        "fixed-step",
        "Fixed step",
        "Each parameter moves by the same amount, downhill by the sign of its own slope; at the bottom, to and fro.",
        FIXED_STEP,
        (_STEP,),
    ),
    Entry(
        "momentum",
        "Momentum",
        "v ← β·v + g, θ ← θ − a·v: a heavy ball that keeps its speed.",
        MOMENTUM,
        (_rate(0.01), _MOMENTUM),
    ),
    Entry(
        "nesterov",
        "Nesterov",
        "Momentum that looks ahead: θ ← θ − a·(g + β·v).",
        NESTEROV,
        (_rate(0.01), _MOMENTUM),
    ),
    Entry(
        "adagrad",
        "Adagrad",
        "Divides each slope by the root of the sum of its squares: steps shrink with time.",
        ADAGRAD,
        (
            _rate(0.01, "How far the first step goes, whatever the slope; later ones are shorter."),
            _LR_DECAY,
            _epsilon(1e-10),
        ),
    ),
    Entry(
        "rmsprop",
        "RMSprop",
        "Divides each slope by its recent size, so that both parameters move at a like pace.",
        RMSPROP,
        (_rate(0.01, _WHATEVER), _ALPHA, _epsilon(1e-8)),
    ),
    Entry(
        "adam",
        "Adam",
        "Momentum and RMSprop together, both corrected for their empty start.",
        ADAM,
        (_rate(0.001, _WHATEVER), _BETA1, _BETA2, _epsilon(1e-8)),
    ),
)
