"""What takes an edit at the comment desk back. Pure."""

from __future__ import annotations

from liveconsole.messages.state import AnswerState, MutedState, State
from ui.clean import clean
from ui.i18n import t
from ui.windows.undo.edit import Edit, Undo


def _muted(state: State, viewer_id: str) -> MutedState | None:
    return next((one for one in state.muted if one.viewer_id == viewer_id and one.hidden), None)


def viewer_muted(edit: Edit) -> Undo | None:
    viewer_id = str(edit.data["viewer_id"])
    before = _muted(edit.before, viewer_id)
    if before is not None:
        data = {"viewer_id": viewer_id, "block": before.block, "reason": before.reason}
        back: tuple[str, dict[str, object]] = ("viewer.mute", data)
    else:
        back = ("viewer.unmute", {"viewer_id": viewer_id})
    block = bool(edit.data.get("block"))

    def stands(now: State) -> bool:
        one = _muted(now, viewer_id)
        return one is not None and one.block == block

    return Undo(t("拉黑") if block else t("禁言"), (back,), stands)


def viewer_unmuted(edit: Edit) -> Undo | None:
    viewer_id = str(edit.data["viewer_id"])
    before = _muted(edit.before, viewer_id)
    if before is None:
        return None
    data = {"viewer_id": viewer_id, "block": before.block, "reason": before.reason}
    return Undo(
        t("解除 {who}", who=clean(before.name, 24)),
        (("viewer.mute", data),),
        lambda now: _muted(now, viewer_id) is None,
    )


def _answer(state: State, answer_id: str) -> AnswerState | None:
    return next((one for one in state.answers if one.answer_id == answer_id), None)


def _again(one: AnswerState) -> dict[str, object]:
    data: dict[str, object] = {"answer_id": one.answer_id, "question": one.question}
    data |= {"zh": one.zh, "en": one.en}
    return data | ({"product_id": one.product_id} if one.product_id is not None else {})


def answer_put(edit: Edit) -> Undo | None:
    answer_id = str(edit.result.get("answer_id", ""))
    before = _answer(edit.before, answer_id)
    back: tuple[str, dict[str, object]] = ("answer.remove", {"answer_id": answer_id})
    if before is not None:
        back = ("answer.put", _again(before))
    zh, en = str(edit.data.get("zh", "")).strip(), str(edit.data.get("en", "")).strip()

    def stands(now: State) -> bool:
        one = _answer(now, answer_id)
        return one is not None and (one.zh, one.en) == (zh, en)

    return Undo(t("写回答 · {what}", what=clean(str(edit.data["question"]), 24)), (back,), stands)


def answer_removed(edit: Edit) -> Undo | None:
    before = _answer(edit.before, str(edit.data["answer_id"]))
    if before is None:
        return None
    return Undo(
        t("删掉回答 · {what}", what=clean(before.question, 24)),
        (("answer.put", _again(before)),),
        lambda now: _answer(now, before.answer_id) is None,
    )
