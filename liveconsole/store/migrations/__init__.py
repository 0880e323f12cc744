"""Schema revisions, oldest first in ``versions``. To add one: write ``rNNNN_why.py`` there by hand, change
``tables.py`` to match and raise ``versions.SCHEMA``; tests compare the two."""
