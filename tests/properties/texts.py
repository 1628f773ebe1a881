"""Texts of all scripts, with everything that XML 1.0 can hold."""

from __future__ import annotations

import re

from hypothesis import strategies as st

_CONTROLS = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r")

#: Any character of XML 1.0: no surrogate, no control but tab and the two of line ends.
CHARACTERS = st.characters(
    exclude_categories=("Cs",), exclude_characters=f"{_CONTROLS}\ufffe\uffff"
)

#: Among them often one that XML or UBL gives a meaning.
_MARKED = CHARACTERS | st.sampled_from(" \t\n\r\"&'<>]#")

#: A character that is seen, so that a text with it is not blank.
VISIBLE = st.characters(categories=("L", "N", "P", "S"))

SAMPLES = (
    "Atelier Vauban",
    "0",
    "Crêpes à l’œuf – « 1½ » ẞ",
    "Ελληνικά",
    "Кириллица Ёж",
    "العربية ٠١٢",
    "\u202bעברית\u202c abc",
    "漢字かなカナ",
    "한국어",
    "हिन्दी क्षत्रिय",
    "ภาษาไทย",
    "e\u0301 a\u030a\u0323 \u0344",
    "👩\u200d👩\u200d👧 🇫🇷 👍🏽",
    "𝔘𝔫𝔦 𐍈 𠜎 \U0010fffd",
    "\ufeffmark\u200b \u00ad",
    "\u00a0no-break\u00a0",
    "\u3000ideographic\u2003",
    "\x7f\x85\x9f controls \u2028\u2029",
    "  leading",
    "trailing  ",
    "inner  blanks\tand\ttabs",
    "one\ntwo\r\nthree\rfour",
    "\n\t begins and ends with lines \r\n",
    "\"double\" & 'single'",
    "<b attribute='1'>&amp;</b>",
    "]]>",
    "<![CDATA[x]]>",
    "<!-- x --> <?x y?>",
    "&#10; &lt; %20 \\n",
    "#",
    "a#AAI#b",
    "##AAI##b",
    "# # ## ###",
    "None",
    "null",
    "true",
    "-0.00",
    "1E+3",
    "NaN",
    "2026-02-30",
    "x" * 3000,
    "Langer Text, длинный текст, 長い文 😀 <&>\n" * 200,
)

TEXTS = st.sampled_from(SAMPLES) | st.builds(
    "{}{}{}".format, st.text(_MARKED, max_size=3), VISIBLE, st.text(_MARKED, max_size=6)
)


def text_other_than(*taken: str | None) -> st.SearchStrategy[str]:
    """A text that is none of some others."""
    return TEXTS.map(lambda text: f"{text}’" if text in taken else text)


def _without_subject(text: str) -> str:
    """The text without what BR-CL-08 takes for a subject code (BT-21) in UBL."""
    return re.sub(r"^([^#]*)#(?=[^#]{3}#)", r"\1", text)


#: BT-22 of a note without a subject code (BT-21).
UNMARKED_TEXTS = TEXTS.map(_without_subject)
