"""Whether words speak of somebody who can be told apart by them, so that a person looks before they are public.

It errs on the side of holding: what is held for nothing is opened in triage, what was public cannot be called back.
A place is not a person (3号楼2单元门口), and whoever writes of their own flat speaks of nobody else.
"""

from cogov.problems.rules.lexicon import Lexicon
from cogov.problems.rules.reading import clause_before, sentences


def speaks_of_a_person(words: str, lexicon: Lexicon) -> bool:
    """Say whether words insult, name somebody with their flat, or accuse somebody who can be told apart."""
    text = sentences(words)
    if _any(text, "insult", lexicon):
        return True
    named, flat = _any(text, "named", lexicon), _flat_of_another(text, lexicon)
    if named and flat:
        return True
    return (named or flat or _any(text, "near", lexicon)) and _any(text, "accused", lexicon)


def _any(text: tuple[str, ...], name: str, lexicon: Lexicon) -> bool:
    pattern = lexicon.pattern(name)
    return any(pattern.search(sentence) for sentence in text)


def _flat_of_another(text: tuple[str, ...], lexicon: Lexicon) -> bool:
    own = lexicon.pattern("own_home")
    return any(
        not own.search(clause_before(sentence, match.start()))
        for sentence in text
        for match in lexicon.pattern("door").finditer(sentence)
    )
