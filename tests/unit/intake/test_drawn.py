"""Pictures that lie in a workbook, over its rows or called by a cell, and files beside a table."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from liveconsole.intake.products import read_products
from liveconsole.intake.products.pictures import pictures_of
from liveconsole.intake.tables import drawn, read_table
from liveconsole.intake.tables.drawn import Drawn, drawn_in
from tests.contract.test_images import picture

PNG, OTHER = picture(), picture(size=(9, 9))
HEAD = ("编号", "名称", "价格", "库存", "图片")


def workbook(sheet: str = "商品") -> bytes:
    """Three products; the first and the third have a picture over their rows, on the second sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    cover = book.add_worksheet("封面")
    cover.insert_image(1, 0, "logo.png", {"image_data": io.BytesIO(picture(size=(5, 5)))})
    page = book.add_worksheet(sheet)
    for row, cells in enumerate([HEAD, ("A1", "羊毛衫", 99, 3), ("A2", "手套", 59, 3), ("A3", "袜子", 9, 3)]):
        page.write_row(row, 0, cells)
    page.insert_image(3, 4, "b.png", {"image_data": io.BytesIO(OTHER)})
    page.insert_image(1, 4, "a.png", {"image_data": io.BytesIO(PNG)})
    book.close()
    return out.getvalue()


def test_a_picture_is_that_of_the_row_over_which_it_begins_on_its_own_sheet() -> None:
    content = workbook()
    table = read_table(content, "x.xlsx", "商品")
    found = pictures_of(read_products(table), drawn_in(content, table.sheet), Path())
    assert found == {"A1": PNG, "A3": OTHER}


def test_what_a_cell_calls_by_name_is_its_picture() -> None:
    """As WPS keeps a picture that was put into a cell."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr(
            "xl/cellimages.xml",
            '<etc:cellImages xmlns:etc="e"><etc:cellImage><xdr:pic><xdr:nvPicPr>'
            '<xdr:cNvPr id="2" name="ID_AB12"/></xdr:nvPicPr><xdr:blipFill><a:blip r:embed="rId1"/>'
            "</xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>",
        )
        packed.writestr(
            "xl/_rels/cellimages.xml.rels",
            '<Relationships><Relationship Id="rId1" Type="image" Target="media/image1.png"/></Relationships>',
        )
        packed.writestr("xl/media/image1.png", PNG)
    seen = drawn_in(content.getvalue(), "商品")
    assert seen.of('=_xlfn.DISPIMG("ID_AB12",1)', 2, 3) == PNG
    assert seen.of('=DISPIMG("ID_OTHER",1)', 2, 3) is None


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04nothing", "编号,名称\n".encode()])
def test_a_file_without_any_has_none(content: bytes) -> None:
    assert drawn_in(content, "x") == Drawn()


def test_parts_that_unpack_too_large_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook()
    monkeypatch.setattr(drawn, "PICTURE_BYTES", len(OTHER) - 1)
    assert drawn_in(content, "商品").over == {}
    monkeypatch.setattr(drawn, "PICTURE_BYTES", len(PNG))
    assert len(drawn_in(content, "商品").over) == 2, "the twin: within the bound they are there"


def table_of(cell: str, folder: Path) -> dict[str, bytes | str]:
    content = f"编号,名称,价格,库存,商品主图\nA1,羊毛衫,99,3,{cell}\n".encode()
    return pictures_of(read_products(read_table(content, "x.csv")), Drawn(), folder)


def test_a_cell_names_a_file_beside_the_table_or_an_address(tmp_path: Path) -> None:
    (tmp_path / "图").mkdir()
    (tmp_path / "图" / "a.png").write_bytes(PNG)
    assert table_of("图/a.png", tmp_path) == {"A1": PNG}
    assert table_of("图\\a.png", tmp_path) == {"A1": PNG}
    assert table_of("https://img.example/a.png", tmp_path) == {"A1": "https://img.example/a.png"}
    assert table_of("b.png", tmp_path) == {}


@pytest.mark.parametrize("cell", ["../secret.png", "/etc/secret.png", "图/../../secret.png", "secret.txt"])
def test_no_file_outside_the_table_s_folder_is_read(tmp_path: Path, cell: str) -> None:
    folder = tmp_path / "in"
    (folder / "图").mkdir(parents=True)
    for place in (tmp_path / "secret.png", folder / "secret.txt"):
        place.write_bytes(PNG)
    assert table_of(cell, folder) == {}
    assert table_of("secret.png", tmp_path) == {"A1": PNG}, "the twin: in its own folder it is read"


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (folder / "a.png").symlink_to(tmp_path / "secret.png")
    assert table_of("a.png", folder) == {}
