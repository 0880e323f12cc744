"""Which of the facts that were posted nobody sent before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from liveconsole.messages.inputs import Problem, SentFact
from liveconsole.messages.refusals import word


def fresh_facts(
    facts: Sequence[SentFact],
    seen: dict[tuple[str, str], bytes],
    problems: list[Problem],
    digest_of: Callable[[str, bytes], bytes],
) -> list[tuple[SentFact, bytes]]:
    """Return those that nobody sent before, with their digests; they are ``seen`` from now on. An id that
    came with other data is put among ``problems``."""
    keys = [(sent.source, sent.id) for sent in facts]
    digests = [digest_of(sent.type, sent.body) for sent in facts]
    news = dict(zip(keys, digests, strict=True))
    if len(news) == len(keys) and seen.keys().isdisjoint(news):  # nearly every post
        seen.update(news)
        return list(zip(facts, digests, strict=True))
    fresh = []
    for sent, key, digest in zip(facts, keys, digests, strict=True):
        had = seen.setdefault(key, digest)
        if had is digest:  # put in just now
            fresh.append((sent, digest))
        elif had != digest:
            problems.append(Problem(sent.index, "id_reused", word("id_reused", {})))
    return fresh
