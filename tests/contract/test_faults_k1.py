"""K1 at a real engine: nothing gets under its floor, whatever is changed. The twins stand in
``tests/unit/domain/test_floors.py``, where each mend can be taken away."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.engine_process import EngineProcess
from tests.floor_rows import ROWS


class Answered:
    def __init__(self, body: dict[str, Any]) -> None:
        self.code: str = "" if body.get("ok") else body["code"]
        self.params: dict[str, Any] = body.get("params", {})
        self.result: dict[str, Any] = body.get("result", {})


class AtTheDoor:
    def __init__(self, engine: EngineProcess) -> None:
        self._engine = engine

    def ask(self, type_: str, role: str = "host", /, **data: Any) -> Answered:
        if type_ in ("order.request", "coupon.claim"):
            role = "producer"
        body = {"id": str(uuid.uuid4()), "type": type_, "data": data}
        return Answered(self._engine.call("POST", "/v1/commands", body, role=role).json)

    def tell(self, type_: str, /, **data: Any) -> None:
        fact = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/shop", "type": type_, "data": data}
        assert self._engine.post([fact])["accepted"] == 1

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = self._engine.state()
        return found

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


@pytest.mark.parametrize("row", ROWS)
def test_the_floor_holds(row: str, engine_of: Callable[..., EngineProcess]) -> None:
    ROWS[row](AtTheDoor(engine_of()))
