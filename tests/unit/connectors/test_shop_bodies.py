"""What is asked of a shop and read of its answers: the fields of the documents, whatever form they take."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from liveconsole.connectors import wechat_shop
from liveconsole.connectors.wechat_shop import coupons, sales
from liveconsole.connectors.wechat_shop.sales import Task, TaskSku
from liveconsole.domain.effects import Effect, EffectGoods
from liveconsole.messages.connection_words.shop import WORDS
from liveconsole.messages.reasons import reason_of, reason_words
from liveconsole.messages.specs import parse_spec

AT = datetime(2026, 11, 29, 12, 0, 0, 700_000, tzinfo=UTC)
Sample = Callable[[str], Any]
GOODS = {"1": EffectGoods("p", "围巾"), "2": EffectGoods("p", "围巾"), "3": EffectGoods("q", "帽子")}
SKUS = [{"sku_id": id_, "price_fen": 1000 + int(id_), "quantity": int(id_)} for id_ in ("3", "1", "2")]


def effect(kind: str, spec: dict[str, Any], *, fired: datetime = AT, cue_id: str = "c") -> Effect:
    return Effect("k", cue_id, "on_air", kind, parse_spec(kind, spec), fired, False, fired, GOODS)


def sale(**more: Any) -> Effect:
    return effect("flash_sale", {"skus": SKUS, "per_buyer": 1, "seconds": 600, **more})


def coupon(rule: dict[str, Any], *, cue_id: str = "c", **more: Any) -> Effect:
    spec = {"name": " 今晚减 ", "rule": rule, "quantity": 9, "per_buyer": 2, "seconds": 600}
    return effect("coupon", {**spec, "valid_seconds": 3 * 86_400, **more}, cue_id=cue_id)


@pytest.fixture
def sample(shared: Path) -> Sample:
    """One of the documents' examples, by its name."""
    return lambda name: msgspec.json.decode(
        (shared / "samples/channels_ec_api" / f"{name}.json").read_bytes()
    )


def names(value: Any, at: str = "") -> set[str]:
    """Paths of all fields."""
    if isinstance(value, dict):
        return {p for k, v in value.items() for p in {f"{at}.{k}", *names(v, f"{at}.{k}")}}
    if isinstance(value, list):
        return {p for v in value for p in names(v, at)}
    return set()


def test_a_coupon_that_says_nothing_of_its_validity_is_made_for_a_day() -> None:
    for seconds, days in ((None, 1), (86_400, 1), (3 * 86_400, 3)):
        body = coupons.body(coupon({"off_fen": 500}, valid_seconds=seconds))
        assert body["valid_info"] == {"valid_type": 2, "valid_day_num": days}


def test_a_sale_is_a_task_for_each_of_its_products() -> None:
    first, second = sales.tasks_of(sale())
    assert (first.product_id, first.title, first.skus) == ("q", "帽子", (TaskSku("3", 1003, 3),))
    assert (second.product_id, second.skus) == ("p", (TaskSku("1", 1001, 1), TaskSku("2", 1002, 2)))
    assert first.start == int(AT.timestamp()) - 120
    assert first.end == int(AT.timestamp()) + 615
    with pytest.raises(sales.UnknownGoods, match="3"):
        sales.tasks_of(msgspec.structs.replace(sale(), goods={"1": GOODS["1"], "2": GOODS["2"]}))


def test_no_task_is_longer_than_the_shop_takes() -> None:
    (task, _) = sales.tasks_of(sale(seconds=86_400))
    assert task.end - task.start == 86_400


def test_the_bodies_have_the_documents_fields_and_no_others(sample: Sample) -> None:
    assert names(sales.body(sales.tasks_of(sale())[0])) == names(sample("limiteddiscounttask_add_request"))
    asked = names(coupons.body(coupon({"threshold_fen": 9000, "off_fen": 800}, scope={"product_ids": ["p"]})))
    assert asked <= names(sample("coupon_create_request"))
    assert names(sample("coupon_update_status_request")) == {".coupon_id", ".status"}
    assert names(sample("limiteddiscounttask_stop_request")) == {".task_id"}


@pytest.mark.parametrize(
    ("rule", "scope", "type_", "discount"),
    [
        ({"off_fen": 800}, False, 104, {"discount_fee": 800}),
        ({"off_fen": 800}, True, 4, {"discount_fee": 800}),
        ({"threshold_fen": 9000, "off_fen": 800}, False, 102, {"discount_fee": 800}),
        ({"threshold_fen": 9000, "off_fen": 800}, True, 2, {"discount_fee": 800}),
        ({"zhe": "8.5"}, False, 103, {"discount_num": 8500}),
        ({"zhe": "9"}, True, 3, {"discount_num": 9000}),
        ({"zhe": "8.88"}, True, 3, {"discount_num": 8880}),
    ],
)
def test_a_rule_in_the_shops_words(
    rule: dict[str, Any], scope: bool, type_: int, discount: dict[str, int]
) -> None:
    found = coupons.body(coupon(rule, scope={"product_ids": ["p", "q"]} if scope else None))
    condition = found["discount_info"].pop("discount_condition", {})
    assert (found["type"], found["discount_info"]) == (type_, discount)
    assert condition.get("product_ids", []) == (["p", "q"] if scope else [])
    assert condition.get("product_price") == rule.get("threshold_fen")
    assert found["name"] == "今晚减"
    assert found["receive_info"]["end_time"] - found["receive_info"]["start_time"] == 600
    assert (found["receive_info"]["total_num"], found["receive_info"]["limit_num_one_person"]) == (9, 2)
    assert found["valid_info"] == {"valid_type": 2, "valid_day_num": 3}


def test_a_task_is_read_from_the_documents_answer(sample: Sample) -> None:
    found = list(sales.tasks_in(sample("limiteddiscounttask_list_response")))
    assert [task.task_id for task in found] == ["12345677", "12345688"]
    assert found[0].skus == (TaskSku("1234567890001", 200, 10), TaskSku("1234567890002", 300, 10))


def test_a_coupon_is_read_from_the_documents_answer(sample: Sample) -> None:
    found = coupons.seen(sample("coupon_get_response"))
    assert (found.coupon_id, found.status, found.taken, found.used) == ("12639900", 5, 3, 2)
    assert found.over
    assert coupons.ids_in(sample("coupon_get_list_response")) == ["123"]


def listed(one: Effect, **more: Any) -> Task:
    task = sales.tasks_of(one)[1]
    row = {**sales.body(task), "task_id": 77, "status": "1", **more}
    row["product_id"] = 12345678901234567890
    (found,) = sales.tasks_in({"limited_discount_tasks": [row]})
    return found


def test_ids_and_times_come_as_numbers_or_in_quotes() -> None:
    found = listed(sale(), start_time=str(sales.start_of(sale())))
    assert (found.task_id, found.product_id, found.status) == ("77", "12345678901234567890", 1)
    assert sales.of_sale(sale(), [found]) == [found]


@pytest.mark.parametrize(
    "other",
    [
        sale(seconds=300),
        effect("flash_sale", {"skus": SKUS, "per_buyer": 1, "seconds": 600}, fired=AT.replace(second=1)),
        sale(skus=[{**sku, "price_fen": 999} for sku in SKUS]),
        sale(skus=[{**sku, "quantity": 50} for sku in SKUS]),
        sale(skus=SKUS[:1]),
    ],
)
def test_a_task_is_known_by_the_second_of_its_start_its_prices_and_its_units(other: Effect) -> None:
    mine = sales.of_sale(other, [listed(sale())])
    assert bool(mine) == (other.spec.seconds == 300)  # type: ignore[union-attr]


def test_a_coupon_is_known_by_its_mark_and_without_one_by_its_terms() -> None:
    one, other = coupon({"off_fen": 800}), coupon({"off_fen": 800}, cue_id="d")
    asked = coupons.body(one)
    info = {name: value for name, value in asked.items() if name != "type"}
    answer = {"coupon": {"coupon_id": 5, "type": asked["type"], "status": 2, "coupon_info": info}}
    assert coupons.is_of(one, coupons.seen(answer))
    assert not coupons.is_of(other, coupons.seen(answer))
    del info["ext_info"]
    assert coupons.is_of(one, coupons.seen(answer))
    info["receive_info"] = {**info["receive_info"], "start_time": str(int(AT.timestamp()))}
    assert coupons.is_of(one, coupons.seen(answer))
    info["receive_info"] = {**info["receive_info"], "start_time": int(AT.timestamp()) + 1}
    assert not coupons.is_of(one, coupons.seen(answer))


# Why not ----------------------------------------------------------------------------------------------


def test_a_reason_is_a_sentence_in_both_languages() -> None:
    said = reason_of("shop", "sale_there", {"title": "围巾" * 60, "task_id": "12", "rid": "x"})
    assert len(said) < 500
    assert "rid" not in said
    assert reason_words(said).startswith("「围巾围巾")
    assert "(task 12)" in reason_words(said, english=True)
    assert reason_words(reason_of("shop", "no_answer")) == WORDS["no_answer"][0]
    assert reason_words("confirmed_not_done", english=True) == "A person said that it was not done"


@pytest.mark.parametrize(
    "typed", ["", "下雨了", "shop.none", "shop.sale_there {", "obs.sale_there", "a.b.c", "{title}"]
)
def test_what_a_person_typed_stays_as_typed(typed: str) -> None:
    assert reason_words(typed) == typed


def test_a_reason_that_was_cut_off_names_nothing() -> None:
    cut = reason_of("shop", "sale_there", {"title": "围巾", "task_id": "12"})[:-4] + "}"
    assert reason_words(cut).startswith("「—」")


def test_every_reason_that_is_given_has_its_sentence() -> None:
    folder = Path(wechat_shop.__file__).parent
    calls = (
        node
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )
    first = [call.args[0] for call in calls if call.func.id in ("NotDone", "Unsure")]  # type: ignore[attr-defined]
    given = {word.value for word in first if isinstance(word, ast.Constant)}
    assert len(given) > 10
    assert given <= WORDS.keys()
