"""What buyers wrote, as ``GET /v1/reviews`` tells it: by product, by stars, by what it is about. Of buyers
only masked names."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from liveconsole.messages.cases import BothWords


class ReviewTopic(Struct, frozen=True):
    """What several reviews are about, by a word list. ``low``: of them, how many have few stars."""

    topic: str
    title: BothWords
    count: int
    low: int
    sample: str
    """The newest of them."""


class ReviewedProduct(Struct, frozen=True):
    """``by_stars``: how many have one star, two, … five."""

    product_id: str
    title: str
    count: int
    by_stars: list[int]


class ReviewRowTold(Struct, frozen=True):
    review_id: int
    product_id: str
    title: str
    stars: int
    text: str
    at: datetime
    order_id: str
    buyer: str
    """Masked; empty where no order is known."""
    agreed: bool | None
    """Whether the buyer agrees that it is shown; None: nobody asked."""
    words: list[str] = []
    """What the word lists find in it: for them it is not shown."""


class ReviewBook(Struct, frozen=True):
    """``looked``: reviews that figures are of, the newest; ``more``: there are older ones beyond. ``after``:
    where the next page of rows begins; 0: this was the last."""

    at: datetime
    looked: int
    more: bool
    by_stars: list[int]
    products: list[ReviewedProduct]
    topics: list[ReviewTopic]
    rows: list[ReviewRowTold]
    after: int
