"""The style sheet, generated from the tokens. Colours and shapes only: sizes of type come from fonts.py."""

from __future__ import annotations

from liveconsole.respath import resources
from liveconsole.views.shades import mix
from ui.theme.tokens import RADIUS, RADIUS_SMALL, Tokens, field_edge

_SHEET = """
QWidget {{ color: {fg0}; }}
QMainWindow, QDialog, QWidget#window {{ background: {bg0}; }}
QToolTip {{ background: {bg2}; color: {fg0}; border: 1px solid {line}; padding: 4px 6px; }}

QPushButton {{ background: {bg2}; color: {fg0}; border: 1px solid {line}; border-radius: {r8}px;
  padding: 6px 14px; min-height: 22px; }}
QPushButton:hover {{ background: {bg3}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:focus {{ border: 1px solid {accent}; }}
QPushButton:disabled {{ color: {fg2}; background: {bg1}; }}
QPushButton[look="primary"] {{ background: {accent_fill}; color: {on_fill}; border-color: {accent_fill}; }}
QPushButton[look="primary"]:hover {{ background: {accent_hover}; }}
QPushButton[look="primary"]:focus {{ border: 1px solid {fg0}; }}
QPushButton[look="primary"]:disabled {{ background: {bg2}; color: {fg2}; border-color: {line}; }}
QFrame#segments {{ background: {bg0}; border: 1px solid {line}; border-radius: {r8}px; }}
QPushButton[look="drawn"] {{ border: 0; padding: 0; min-height: 0; }}
QPushButton[look="segment"] {{ background: transparent; border: 1px solid transparent; border-radius: 6px;
  padding: 3px 9px; color: {fg1}; }}
QPushButton[look="segment"]:hover {{ color: {fg0}; }}
QPushButton[look="segment"]:checked {{ background: {accent_soft}; border-color: {accent}; color: {fg0}; }}
QPushButton[look="segment"]:focus {{ border-color: {fg0}; }}
QPushButton[look="danger"] {{ background: transparent; color: {live}; border-color: {live}; }}
QPushButton[look="danger"]:hover {{ background: {live_soft}; }}
QPushButton[look="quiet"], QToolButton {{ background: transparent; border: 1px solid transparent;
  border-radius: {r8}px; padding: 4px 8px; color: {fg1}; }}
QPushButton[bare="true"] {{ padding: 4px 5px; }}
QPushButton[look="quiet"]:hover, QToolButton:hover {{ background: {bg3}; color: {fg0}; }}
QPushButton[look="quiet"]:focus, QToolButton:focus {{ border: 1px solid {accent}; }}
QPushButton[look="quiet"]:disabled, QToolButton:disabled {{ color: {fg2}; }}
QPushButton[look="nav"] {{ background: transparent; color: {fg1}; border: 1px solid transparent;
  text-align: left; padding: 6px 12px; }}
QPushButton[look="nav"]:hover {{ background: {bg3}; color: {fg0}; }}
QPushButton[look="nav"]:checked {{ background: {bg3}; color: {fg0}; }}
QPushButton[look="nav"]:focus {{ border: 1px solid {accent}; }}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateTimeEdit, QTimeEdit {{
  background: {bg0}; color: {fg0}; border: 1px solid {field}; border-radius: {r8}px; padding: 5px 8px;
  min-height: 22px; selection-background-color: {accent_fill}; selection-color: {on_fill};
  placeholder-text-color: {fg2}; }}
QLineEdit:hover, QPlainTextEdit:hover, QSpinBox:hover, QComboBox:hover {{ border-color: {fg2}; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus,
QDateTimeEdit:focus, QTimeEdit:focus {{ border: 1px solid {accent}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QComboBox:disabled {{
  color: {fg2}; background: {bg1}; }}
QLineEdit[wrong="true"], QSpinBox[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{
  border: 1px solid {live}; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button,
QTimeEdit::up-button, QTimeEdit::down-button {{ width: 0; border: 0; }}
QAbstractSpinBox QLineEdit, QComboBox QLineEdit {{ background: transparent; border: 0; padding: 0;
  min-height: 0; }}
QAbstractSpinBox QLineEdit {{ padding: 0 8px; }}
QComboBox[look="title"] {{ background: transparent; border: 1px solid transparent; padding: 0 4px; }}
QComboBox[look="title"]:focus {{ border: 1px solid {accent}; }}
QFrame#cell {{ background: {bg2}; border: 1px solid {line}; border-radius: {r8}px; }}
QFrame#cell[state="own"] {{ border: 1px solid {accent}; }}
QFrame#cell[state="warn"] {{ border: 1px solid {warn}; }}
QFrame#cell[state="wrong"] {{ background: {live_soft}; border: 1px solid {live}; }}
QFrame#cell[state="out"] {{ background: {bg1}; border: 1px dashed {line}; }}
QFrame#cell QSpinBox {{ padding: 0 0 2px 0; min-height: 19px; }}
QFrame#fault {{ background: {live_soft}; border: 1px solid {live}; border-radius: {r8}px; }}
QFrame#fault[state="quiet"] {{ background: {bg2}; border: 1px solid {line}; }}
QFrame#result {{ background: {bg0}; border: 0; border-left: 1px solid {line}; }}
QLineEdit[look="price"] {{ background: transparent; border: 1px solid transparent; padding: 0; }}
QLineEdit[look="price"]:hover {{ border: 1px solid {edge}; }}
QLineEdit[look="price"]:focus {{ border: 1px solid {accent}; background: {bg0}; }}
QFrame#price {{ background: {bg0}; border: 1px solid {field}; border-radius: {r8}px; }}
QFrame#price[state="focus"] {{ border: 1px solid {accent}; }}
QFrame#price[wrong="true"] {{ border: 1px solid {live}; }}
QFrame#price QLineEdit {{ background: transparent; border: 0; padding: 0; }}
QComboBox::drop-down {{ border: 0; width: 24px; }}
QComboBox::down-arrow {{ image: url("{icons}/chevron-down.svg"); width: 14px; height: 14px; }}
QComboBox QAbstractItemView {{ background: {bg2}; border: 1px solid {line}; padding: 4px;
  selection-background-color: {bg3}; selection-color: {fg0}; outline: 0; }}

QCheckBox, QRadioButton {{ spacing: 8px; background: transparent; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 16px; height: 16px; border: 1px solid {field};
  background: {bg0}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:checked, QRadioButton::indicator:checked {{ background: {accent_fill};
  border-color: {accent_fill}; }}
QCheckBox::indicator:checked {{ image: url("{icons}/on-check.svg"); }}
QRadioButton::indicator:checked {{ image: url("{icons}/on-radio.svg"); }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ border-color: {fg0}; }}
QCheckBox:focus, QRadioButton:focus {{ color: {fg0}; text-decoration: underline; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {fg2}; }}

QAbstractItemView {{ background: {bg1}; color: {fg0}; border: 0; outline: 0;
  selection-background-color: {accent_soft}; selection-color: {fg0}; alternate-background-color: {bg2}; }}
QHeaderView {{ background: {bg1}; }}
QHeaderView::section {{ background: {bg1}; color: {fg2}; border: 0; border-bottom: 1px solid {line};
  padding: 6px 8px; }}
QTableCornerButton::section {{ background: {bg1}; border: 0; }}

QTabWidget::pane {{ border: 0; border-top: 1px solid {line}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {fg1}; border: 0; border-bottom: 2px solid transparent;
  padding: 8px 6px; }}
QTabBar::tab:selected {{ color: {fg0}; border-bottom: 2px solid {accent}; }}
QTabBar::tab:hover {{ color: {fg0}; }}
QTabBar QToolButton {{ background: {bg2}; border: 1px solid {line}; border-radius: 4px; padding: 0; }}
QTabBar::scroller {{ width: 40px; }}
QTabBar::tab:focus {{ color: {fg0}; background: {bg2}; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
QScrollBar::handle {{ background: {bg3}; border-radius: 3px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: {edge}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: 0; }}

QMenu {{ background: {bg2}; color: {fg0}; border: 1px solid {line}; padding: 6px; }}
QMenu::item {{ padding: 6px 24px 6px 12px; border-radius: 6px; }}
QMenu::item:selected {{ background: {bg3}; }}
QMenu::item:disabled {{ color: {fg2}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 6px; }}
QMenuBar {{ background: {bg1}; color: {fg1}; }}
QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
QMenuBar::item:selected {{ background: {bg3}; color: {fg0}; }}
QSplitter::handle {{ background: {bg0}; }}
QProgressBar {{ background: {bg3}; border: 0; border-radius: 4px; text-align: center; color: {fg0}; }}
QProgressBar::chunk {{ background: {accent_fill}; border-radius: 4px; }}
QGroupBox {{ border: 1px solid {line}; border-radius: {r8}px; margin-top: 20px; padding-top: 8px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 4px; color: {fg1}; }}

QFrame#section {{ background: {bg1}; border: 1px solid {line}; border-radius: {r12}px; }}
QFrame#over {{ background: {bg2}; border: 1px solid {line}; border-radius: {r12}px; }}
QFrame#over QPushButton {{ background: {bg1}; }}
QFrame#over QPushButton[look="quiet"] {{ background: transparent; }}
QFrame#over QPushButton:hover {{ background: {bg3}; }}
QFrame#raised {{ background: {bg2}; border: 1px solid {line}; border-radius: {r8}px; }}
QFrame#noted {{ background: {bg2}; border: 0; border-radius: {r8}px; }}
QFrame#noted[state="waits"] {{ background: {warn_soft}; }}
QFrame#duty {{ background: {bg1}; border: 1px solid {warn}; border-radius: {r8}px; }}
QFrame#strip {{ background: {bg1}; border: 0; border-bottom: 1px solid {line}; }}
QFrame#footer {{ background: {bg1}; border: 0; border-top: 1px solid {line}; }}
QFrame#rule_above {{ background: transparent; border: 0; border-top: 1px solid {line}; }}
QFrame#rule {{ background: {line}; border: 0; }}
"""


def style_sheet(tokens: Tokens) -> str:
    """The whole style sheet of one theme."""
    names = {name: getattr(tokens, name) for name in tokens.__slots__}
    return _SHEET.format(
        **names,
        icons=(resources() / "icons").as_posix(),
        r8=RADIUS_SMALL,
        r12=RADIUS,
        field=field_edge(tokens),
        edge=mix(tokens.line, tokens.fg2, 0.5),
        accent_hover=mix(tokens.accent_fill, tokens.ink, 0.12),
        accent_soft=mix(tokens.bg1, tokens.accent, 0.22),
        live_soft=mix(tokens.bg1, tokens.live, 0.16),
        warn_soft=mix(tokens.bg1, tokens.warn, 0.16),
    )
