"""A report as files: HTML, XLSX, CSV and EDL, as bytes. It is folded in ``liveconsole.views.report``."""
