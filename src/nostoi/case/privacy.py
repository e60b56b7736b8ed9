"""Records of persons have no place in a case: recognise them and refuse, without repeating them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_PERSONAL = re.compile(
    r"(first|last|middle|family|given|full|maiden|person)_?name|sur_?name|patronymic"
    r"|.*passport.*|(tele|mobile_?|cell_?)?phone(_?(number|no))?|mobile|e_?mail(_address)?"
    r"|(birth_?(date|day)|date_of_birth|dob)|(home_|street_|postal_)?address"
    r"|(personal|national|tax|citizen)_?id(_?number)?|ssn|snils|iin_?number"
    r"|фио|ф_?и_?о|фамилия.*|имя|отчество|.*паспорт.*|.*телефон.*|.*почта.*"
    r"|дата_рождения|день_рождения|адрес.*|инн|иин|снилс"
)
_MAYBE_PERSONAL = {"name"}

_URL = re.compile(r"https?://[^\s,\"]+")
_VALUES = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w"  # an e-mail address
    r"|(?<![\w-])[0-9]{2} ?[0-9]{2} [0-9]{6}(?![\w-])"  # an inner passport: 45 10 123456
    r"|(?<![\w-])[0-9]{2} [0-9]{7}(?![\w-])"  # a passport for abroad: 75 1234567
    r"|(?<![\w+-])[0-9]{3}-[0-9]{3}-[0-9]{3} [0-9]{2}(?![\w-])"  # an insurance number
    r"|(?<![\w-])(\+7|8)[ (-]{0,2}[0-9]{3}[ )-]{0,2}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}(?![\w-])"
    r"|\+[0-9]{1,3}[ (-]{0,2}[0-9]{2,3}[ )-]{0,2}[0-9]{3}[ -]?[0-9]{2,4}[ -]?[0-9]{0,4}(?![\w-])"
)
MANY_ROWS = 3
"""From this many lines with such a value on, a file counts as records of persons."""


def personal_columns(header: Iterable[str], expected: Collection[str] | None) -> int:
    """How many columns name something that belongs to one person.

    `expected` = the columns that the format gives the file, which are never counted; None for a
    file that the format does not know, where a bare ``name`` may be that of a town.
    """
    count = 0
    for column in header:
        word = re.sub(r"[\s_./-]+", "_", column.strip().lower()).strip("_")
        if column in (expected or ()):
            continue
        maybe = expected is not None and word in _MAYBE_PERSONAL
        count += bool(_PERSONAL.fullmatch(word)) or maybe
    return count


def rows_with_personal_values(text: str) -> int:
    """How many lines hold something like an e-mail address, a passport or a telephone number."""
    return sum(bool(_VALUES.search(_URL.sub("", line))) for line in text.splitlines())
