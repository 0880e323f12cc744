"""``GET /v1/reviews``: by product and by stars, what they are about, and those with a word (晒单).

The newest `LOOKED_MOST` are looked at. What they are about is told by a word list that a person may edit
(``seller/reviews.toml``); a review may be about several things, or about none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Struct

from liveconsole.advice import seller_files
from liveconsole.advice.seller_files import BadSellerFile
from liveconsole.books.cases.files import case_files
from liveconsole.books.reading import BadQuery, BookReader, limit_in, number_in
from liveconsole.messages.cases import BothWords
from liveconsole.messages.reviews import ReviewBook, ReviewedProduct, ReviewRowTold, ReviewTopic
from liveconsole.store.rows import moment
from liveconsole.views.masks import mask_name, plain_line

FILE: Final = "reviews.toml"
LOOKED_MOST: Final = 5_000
PRODUCTS_MOST: Final = 200
_LONG: Final = 300
_KEYWORD_LONG: Final = 40
_LOW: Final = 3
_USUAL: Final = 100
_BUYER: Final = 7
_REVIEWS: Final = (
    "SELECT r.seq, r.product_id, r.stars, r.text, r.at, r.order_id,"
    " (SELECT g.title FROM goods_row g WHERE g.product_id = r.product_id LIMIT 1), o.buyer, c.agreed"
    " FROM review r LEFT JOIN order_row o ON o.order_id = r.order_id"
    " LEFT JOIN review_agreed c ON c.review_id = r.seq"
    " WHERE (:product = '' OR r.product_id = :product) AND (:stars = 0 OR r.stars = :stars)"
    " AND (:keyword = '' OR instr(r.text, :keyword) > 0) AND (:agreed = 0 OR c.agreed = 1)"
    " ORDER BY r.seq DESC LIMIT :limit"
)
_encode = msgspec.json.Encoder().encode

_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class TopicWords(Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,32}$")]
    zh: str
    en: str
    words: Annotated[list[_Word], msgspec.Meta(min_length=1, max_length=100)]


class _Topics(Struct, frozen=True, forbid_unknown_fields=True):
    topic: Annotated[list[TopicWords], msgspec.Meta(max_length=30)] = []
    checked: date | None = None
    source: str = ""


def answer(reader: BookReader, query: Mapping[str, str]) -> bytes:
    """Answer for all reviews, or for a ``product``, some ``stars``, a ``keyword``, those ``agreed`` to be
    shown.

    Raises:
        BadQuery: a field of the query is none.
        TookTooLong: it could not be read in time.
    """
    return _encode(reviews(reader, query))


def reviews(reader: BookReader, query: Mapping[str, str]) -> ReviewBook:
    """Return what `answer` says; raises as it does."""
    keyword, stars = query.get("keyword", "").strip(), number_in(query, "stars", 0, 5)
    if len(keyword) > _KEYWORD_LONG:
        raise BadQuery("keyword")
    before, limit = number_in(query, "after", 0), limit_in(query) if query.get("limit") else _USUAL
    agreed = number_in(query, "agreed", 0, 1)
    values = {
        "product": query.get("product", ""),
        "stars": stars,
        "keyword": keyword,
        "agreed": agreed,
        "limit": LOOKED_MOST + 1,
    }
    found = reader.rows(_REVIEWS, values, name_at=_BUYER)
    looked = found[:LOOKED_MOST]
    rest = [row for row in looked if not before or row[0] < before]
    shown = rest[:limit]
    files = case_files(reader.folder)
    return ReviewBook(
        reader.now(),
        len(looked),
        len(found) > LOOKED_MOST,
        _by_stars(looked),
        _products(looked),
        _topics(looked, topics(reader.folder)),
        [_told(row, files.terms(row[3])) for row in shown],
        shown[-1][0] if len(rest) > limit else 0,
    )


def topics(folder: Path | None) -> list[TopicWords]:
    """Return the word lists that hold; a file that cannot be used gives way to the program's own."""
    file = seller_files.path(FILE, folder)
    try:
        return _read(folder, file, file.stat().st_mtime_ns)
    except (BadSellerFile, OSError):
        own = seller_files.path(FILE, None)
        return _read(None, own, own.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read(folder: Path | None, file: Path, changed: int) -> list[TopicWords]:
    return seller_files.parse(FILE, seller_files.text_of(FILE, folder), _Topics).topic


def _by_stars(rows: Sequence[Any]) -> list[int]:
    counts = Counter(row[2] for row in rows)
    return [counts[stars] for stars in range(1, 6)]


def _products(rows: Sequence[Any]) -> list[ReviewedProduct]:
    by_id: dict[str, list[Any]] = {}
    for row in rows:
        by_id.setdefault(row[1], []).append(row)
    most = sorted(by_id.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:PRODUCTS_MOST]
    return [ReviewedProduct(id_, each[0][6] or "", len(each), _by_stars(each)) for id_, each in most]


def _topics(rows: Sequence[Any], lists: Sequence[TopicWords]) -> list[ReviewTopic]:
    found = []
    for one in lists:
        words = re.compile("|".join(map(re.escape, one.words)))
        about = [row for row in rows if words.search(row[3])]
        if about:
            low = sum(row[2] <= _LOW for row in about)
            sample = plain_line(about[0][3], _LONG)
            found.append(ReviewTopic(one.id, BothWords(one.zh, one.en), len(about), low, sample))
    return sorted(found, key=lambda topic: (-topic.low, -topic.count, topic.topic))


def _told(row: Any, words: list[str]) -> ReviewRowTold:
    seq, product_id, stars, text, at, order_id, title, name, agreed = row
    return ReviewRowTold(
        seq,
        product_id,
        title or "",
        stars,
        plain_line(text, _LONG),
        moment(at),
        order_id or "",
        mask_name(name) if name else "",
        None if agreed is None else bool(agreed),
        words,
    )
