"""What a web address, an e-mail address and a phone number look like: one rule for brands and for rows."""

from __future__ import annotations

import re

# What 57 modules of a QR code hold with error correction M: on 25 mm of paper, each is 0.44 mm wide.
MOST_ADDRESS_BYTES = 213

Flaw = tuple[str, str]
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\W\d_]{2,}")
# Also the spaces that do not break and the dashes that a word processor puts between the digits.
_PHONE = re.compile(
    r"[+(]?[\d()+./ \-\u00a0\u2007\u2009\u202f\u2010-\u2013]*\d(?:[ ,]*(?:ext\.?|extension|x|#) *\d{1,8})?",
    re.IGNORECASE,
)
_FEWEST_DIGITS, _MOST_DIGITS = 3, 25


def is_web_address(address: str) -> bool:
    """Whether an address is whole, with its scheme and without spaces."""
    return _WEB.fullmatch(address) is not None


def web_address_flaw(address: str) -> Flaw | None:
    """What is wrong with an address, as a message and a hint. It is printed as a QR code too, so it must be whole."""
    if not is_web_address(address):
        return f"is not a web address: {address}", "copy it whole, with its https:// and without spaces"
    if (length := len(address.encode())) > MOST_ADDRESS_BYTES:
        over = length - MOST_ADDRESS_BYTES
        message = f"takes {length} bytes; as a QR code, more than {MOST_ADDRESS_BYTES} are too fine to scan"
        return message, f"shorten it by {over}, such as by cutting what follows the question mark"
    return None


def email_flaw(address: str) -> Flaw | None:
    """What is wrong with an e-mail address, as a message and a hint."""
    if _EMAIL.fullmatch(address) and ".." not in address:
        return None
    return f"is not an e-mail address: {address}", "write one address, such as visits@example.org"


def phone_flaw(number: str) -> Flaw | None:
    """What is wrong with a phone number, as a message and a hint; "+1 (555) 010-0142 ext. 5" is a good one."""
    digits = sum(sign.isdigit() for sign in number)
    balanced = number.count("(") == number.count(")")
    if _PHONE.fullmatch(number) and balanced and _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
        return None
    return f"is not a phone number: {number}", "write one number in digits, such as (555) 010-0142 ext. 5"


# What is wrong with a value, by the key of a brand or the column of a table that holds it.
FLAWS = {"url": web_address_flaw, "email": email_flaw, "phone": phone_flaw}
