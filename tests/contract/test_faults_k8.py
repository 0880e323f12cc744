"""K8 at a real engine: the role first, and a wrong shape is a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.engine_process import EngineProcess


@pytest.mark.parametrize("wrong", [["hat"], {"hat": 1}, 7, None], ids=repr)
@pytest.mark.parametrize("role", ["assistant", "host"])
def test_a_sku_that_is_no_id_is_a_wrong_shape(engine: EngineProcess, role: str, wrong: Any) -> None:
    """K8.2: a traceback and ``bug``. Its twin is in tests/unit/engine/test_wrong_types.py."""
    hat = {"product_id": "k8-hat", "title": "帽子", "price_fen": 4_900, "stock": 9}
    engine.done("catalogue.put", products=[hat])
    sent = [hat | {"skus": [{"sku_id": wrong, "title": "红", "price_fen": 4_900, "stock": 9}]}]
    answer = engine.command("catalogue.put", role, products=sent)
    assert (answer["ok"], answer["code"]) == (False, "bad_shape")
