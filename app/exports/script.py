"""py: the run as a script that needs NumPy alone, for reading and for checking by hand."""

from collections.abc import Iterator
from textwrap import wrap

from app.exports import recipe
from app.exports.options import Options
from app.exports.progress import Progress
from app.exports.words import label, quantity, say, words
from engine import RunSpec


def write(spec: RunSpec, options: Options, progress: Progress) -> Iterator[bytes]:
    """The script: a docstring, then each part under a comment that says what it does."""
    head = f'"""{say(options.lang, "script.title")}\n\n{facts(spec, options.lang)}\n'
    head += f'{say(options.lang, "script.run-with")}\n"""\n'
    yield head.encode()
    for part in recipe.parts(spec):
        yield f"\n\n{comment(text(part, options.lang))}\n{part.code}".encode()


def facts(spec: RunSpec, language: str) -> str:
    """What is run, in a line."""
    return say(
        language,
        "script.facts",
        data=label(language, "datasets", spec.dataset.name),
        model=label(language, "models", spec.model),
        loss=label(language, "losses", spec.loss),
        method=label(language, "optimizers", spec.optimizer.name),
        steps=spec.steps,
    )


def text(part: recipe.Part, language: str) -> str:
    """What a part does, in words; facts that are keys of texts themselves are looked up."""
    looked_up = {name: words(language).get(fact, quantity(language, fact)) for name, fact in part.facts.items()}
    return say(language, f"script.{part.key}", **looked_up)


def comment(text: str) -> str:
    """A text as lines of comment."""
    return "\n".join(wrap(text, recipe.WIDTH, initial_indent="# ", subsequent_indent="# "))
