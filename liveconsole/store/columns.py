"""The columns that most tables are made of: none of them is ever null. And where all tables are gathered."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Text

METADATA: Final = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "pk": "%(table_name)s_pkey",
    }
)


def integer_column(name: str, *, primary_key: bool = False, unique: bool | None = None) -> Column[int]:
    return Column(name, Integer, primary_key=primary_key, unique=unique, nullable=False)


def text_column(name: str, *, primary_key: bool = False, unique: bool | None = None) -> Column[str]:
    return Column(name, Text, primary_key=primary_key, unique=unique, nullable=False)


def bytes_column(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)
