"""A certificate that is refused for what time it is: one of two clocks is wrong, and nothing else is."""

from __future__ import annotations

import ssl
from typing import Final

CLOCK: Final = "clock_off"
"""Of `refusals.TEXTS`."""
_NOT_YET, _NO_MORE = 9, 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED."""


def is_out_of_time(error: BaseException) -> bool:
    """Tell whether a connection failed for that; `error` may be the library's that came of it."""
    found = getattr(error, "certificate_error", error)
    return isinstance(found, ssl.SSLCertVerificationError) and found.verify_code in (_NOT_YET, _NO_MORE)
