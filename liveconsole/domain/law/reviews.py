"""三级审核: titles, scripts and promotions are read by machine, person and lawyer before they are shown.

A review is of one text, which its SHA-256 names: a text that changed since was read by nobody, and the same
text was read wherever it stands (返场, a promotion that a segment brought along). The machine is the word
lists; the engine holds them against what is to come, by itself, where the room asks for reviews.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from msgspec import Struct

from liveconsole.domain.context import Context, Decision, Fold, Rule
from liveconsole.domain.kind import kind_named, kind_of
from liveconsole.domain.law.goods import tonight
from liveconsole.domain.naming import cue_title
from liveconsole.domain.room import Room
from liveconsole.domain.room_law import Reviewed, StepDone
from liveconsole.messages.envelope import Event
from liveconsole.messages.law import REVIEW_STEPS, MachineReview, ReviewNote, ReviewNoted
from liveconsole.messages.refusals import Refused
from liveconsole.messages.specs import SPECS

KEPT: Final = 5_000
"""Texts whose reviews the room remembers; the log has them all."""
STEP_WORDS: Final[dict[str, tuple[str, str]]] = {
    "machine": ("机器审核", "the machine's"),
    "person": ("人工审核", "a person's"),
    "legal": ("法务审核", "a lawyer's"),
}
_COUNTS: Final = frozenset(
    {"quantity", "per_buyer", "seconds", "valid_seconds", "winners", "alternates", "places", "groups"}
)
"""Fields of a spec that are no text and no price."""
_RETURNED: Final = ("（退回）", " (returned)")


class ReviewedText(Struct, frozen=True):
    """Something that is to be reviewed: what it is called, and all that is read of it."""

    subject: str
    title: tuple[str, str]
    text: str
    sha256: str


def _reading(subject: str, title: tuple[str, str], text: str) -> ReviewedText:
    return ReviewedText(subject, title, text, sha256(text.encode()).hexdigest())


def reading(room: Room, subject: str) -> ReviewedText | None:
    """Return what a subject says now; None where there is none, or it says nothing."""
    what, _, id_ = subject.partition(":")
    return _READ[what](room, id_) if what in _READ else None


def _of_product(room: Room, product_id: str) -> ReviewedText | None:
    product = room.products.get(product_id)
    if product is None:
        return None
    points = product.sent.get("points") or []
    said = [product.title, *([points] if isinstance(points, str) else points)]
    said += [room.skus[sku].title for sku in product.sku_ids if room.skus[sku].title != product.title]
    return _reading(f"product:{product_id}", (product.title, product.title), "\n".join(map(str, said)))


def _of_segment(room: Room, segment_id: str) -> ReviewedText | None:
    segment = room.rundown.segments.get(segment_id)
    said = [segment.written.script, segment.written.conditions] if segment is not None else []
    if segment is None or not any(text.strip() for text in said):
        return None
    written = segment.written
    about = room.products.get(written.product_id or "")
    title = written.title or (about.title if about is not None else segment_id)
    return _reading(f"segment:{segment_id}", (title, title), "\n".join([written.title, *said]))


def _of_template(room: Room, subject: str) -> ReviewedText | None:
    """``SEGMENT/N``: a promotion that a segment brings along, before it is one of the queue."""
    segment_id, _, place = subject.rpartition("/")
    segment = room.rundown.segments.get(segment_id)
    if segment is None or not place.isascii() or not place.isdigit():
        return None
    cues = segment.written.cues
    if int(place) >= len(cues) or not kind_named(cues[int(place)].kind).KEYED:
        return None
    template = cues[int(place)]
    title = SPECS[template.kind].title
    return _reading(f"template:{subject}", title, _spec_text(template.kind, template.spec))


def _of_cue(room: Room, cue_id: str) -> ReviewedText | None:
    cue = room.cues.get(cue_id)
    if cue is None or not kind_of(cue).KEYED:
        return None
    return _reading(f"cue:{cue_id}", cue_title(room, cue), _spec_text(cue.kind, cue.spec_sent))


def _spec_text(kind: str, sent: Mapping[str, Any]) -> str:
    """What a promotion says and what it costs; how many there are of it, and how long, is no text."""
    said = {name: value for name, value in sent.items() if name not in _COUNTS}
    return f"{kind}\n{json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"


def to_come(room: Room) -> Iterator[ReviewedText]:
    """Yield what this evening will say: goods of cart and rundown, segments, promotions of the queue."""
    subjects = [f"product:{one.product_id}" for one in tonight(room)]
    for id_, segment in room.rundown.segments.items():
        subjects.append(f"segment:{id_}")
        subjects += [f"template:{id_}/{n}" for n in range(len(segment.written.cues))]
    subjects += [f"cue:{id_}" for id_ in room.queue]
    for subject in subjects:
        if (found := reading(room, subject)) is not None:
            yield found


def steps_of(room: Room, read: ReviewedText) -> dict[str, StepDone]:
    """Return the steps over the text as it stands; none of an earlier one."""
    known = room.law.reviews.get(read.sha256)
    return known.steps if known is not None else {}


def missing(room: Room, read: ReviewedText) -> list[tuple[str, str]]:
    """Return what is still to be done, in words, zh and en; what was returned is told as that."""
    done = steps_of(room, read)
    found = []
    for step in REVIEW_STEPS:
        if step not in done:
            found.append(STEP_WORDS[step])
        elif not done[step].passed:
            zh, en = STEP_WORDS[step]
            found.append((zh + _RETURNED[0], en + _RETURNED[1]))
    return found


def refusal(room: Room, subjects: list[str]) -> Refused | None:
    """Return the ``not_reviewed`` of the first of these that has not passed, where the room requires it."""
    if room.settings.review != "required":
        return None
    for subject in subjects:
        read = reading(room, subject)
        if read is None or not (short := missing(room, read)):
            continue
        article = room.law.rules.article("review") if room.law.rules is not None else None
        named = article.named if article is not None else ("审核", "review")
        params = {
            "subject": subject,
            "what": f"「{read.title[0]}」",
            "what_en": read.title[1],
            "missing": "、".join(zh for zh, _ in short),
            "missing_en": ", ".join(en for _, en in short),
            "article": named[0],
            "article_en": named[1],
        }
        return Refused("not_reviewed", params)
    return None


def note(room: Room, data: ReviewNote, ctx: Context) -> Decision | Refused:
    """Note a step; a lawyer signs with a name, and from a seat of the host or the operator."""
    if data.step == "legal" and ctx.role == "assistant":
        return Refused("forbidden", {"role": ctx.role, "type": "review.note", "step": data.step})
    read = reading(room, data.subject)
    if read is None:
        return Refused("nothing_to_review", {"subject": data.subject})
    if data.sha256 is not None and data.sha256 != read.sha256:
        return Refused("changed", {"subject": data.subject, "sha256": read.sha256})
    if data.step == "legal" and not data.name.strip():
        return Refused("needs_name", {"subject": data.subject})
    noted = ReviewNoted(
        data.subject, data.step, data.verdict, read.sha256, data.name.strip(), data.remark.strip()
    )
    result = {"subject": data.subject, "sha256": read.sha256}
    return Decision([ctx.event("review.noted", noted)], result)


def by_machine(room: Room, data: MachineReview, ctx: Context) -> Decision | Refused:
    """Texts that were read meanwhile are others now are left out: the machine comes back to them."""
    found = []
    for one in data.read:
        read = reading(room, one.subject)
        if read is None or read.sha256 != one.sha256:
            continue
        done = steps_of(room, read).get("machine")
        if done is not None and done.found == one.found:
            continue
        verdict: Any = "returned" if one.found else "passed"
        found.append(
            ctx.event(
                "review.noted", ReviewNoted(one.subject, "machine", verdict, one.sha256, found=one.found)
            )
        )
    return Decision(found, {"read": len(found)})


def _noted(room: Room, data: ReviewNoted, event: Event) -> None:
    reviews = room.law.reviews
    known = reviews.pop(data.sha256, None) or Reviewed(data.subject)
    known.subject = data.subject
    known.steps[data.step] = StepDone(
        data.verdict == "passed", event.actor, event.at, data.name, data.remark, data.found
    )
    reviews[data.sha256] = known
    while len(reviews) > KEPT:
        del reviews[next(iter(reviews))]


def unread(room: Room, most: int) -> list[ReviewedText]:
    """Return the first texts to come that no machine has read."""
    if room.settings.review == "off":
        return []
    found = []
    for read in to_come(room):
        if "machine" not in steps_of(room, read):
            found.append(read)
            if len(found) == most:
                break
    return found


def returned_by_machine(room: Room, most: int) -> list[ReviewedText]:
    """Return those that a machine sent back: with other lists it may read them otherwise."""
    if room.settings.review == "off":
        return []
    sent_back = (
        read
        for read in to_come(room)
        if (done := steps_of(room, read).get("machine")) is not None and not done.passed
    )
    return [read for read, _ in zip(sent_back, range(most), strict=False)]


def last_at(room: Room, read: ReviewedText) -> datetime | None:
    """Return when the text was read last."""
    return max((done.at for done in steps_of(room, read).values()), default=None)


_READ: Final[dict[str, Callable[[Room, str], ReviewedText | None]]] = {
    "product": _of_product,
    "segment": _of_segment,
    "template": _of_template,
    "cue": _of_cue,
}
COMMANDS: Final[dict[str, Rule]] = {"review.note": note, "review.machine": by_machine}
FOLDS: Final[dict[str, Fold]] = {"review.noted": _noted}
