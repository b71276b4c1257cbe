"""Names that a title may have meant, for a person who puts an unmatched title right. They only suggest: nothing that is
here ever decides."""

from monitor.core.matching import LONGEST_TITLE, Matcher
from monitor.core.matching_models import Mention, Model
from monitor.core.matching_read import Reading

MOST = 3


def nearest_names(title: str, matcher: Matcher) -> tuple[str, ...]:
    """Up to three catalogue names, the likeliest first: those that share a number or code with what the title names,
    by suffixes and memory in common; () where it names nothing of the kind."""
    said = Reading(matcher.lexicon.pieces(title[:LONGEST_TITLE]), matcher.names)
    scored: dict[str, float] = {}
    for order, mention in enumerate(said.mentions):
        for name, score in _of_mention(mention, said):
            scored[name] = max(scored.get(name, -9.0), score - 0.1 * order)
    for part in said.parts:
        if part.name is not None:
            scored.setdefault(part.name, 0.0)
    return tuple(sorted(scored, key=lambda name: -scored[name])[:MOST])


def _of_mention(mention: Mention, said: Reading) -> list[tuple[str, float]]:
    if mention.head is None:
        return []
    return [
        (model.name, _likeness(mention, line, suffixes, model, said))
        for (line, suffixes), models in mention.head.models.items()
        for model in models
        if model.name is not None
    ]


def _likeness(mention: Mention, line: str, suffixes: frozenset[str], model: Model, said: Reading) -> float:
    wrong = len(suffixes ^ (mention.suffixes & (suffixes | mention.head.suffixes if mention.head else suffixes)))
    same_line = not line or not mention.line or line == mention.line
    fits = any(size in model.memory_gb for size in said.memories)
    return 0.5 * fits - wrong - (0.0 if same_line else 2.0) - (0.2 if model.named_memory and not fits else 0.0)
