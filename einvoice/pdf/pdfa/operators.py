"""The operators of content streams (ISO 32000-1, Annex A) and what those that paint need."""

from einvoice.pdf.pdfa.names import shown

FILL = frozenset({"f", "F", "f*"})
STROKE = frozenset({"S", "s"})
FILL_AND_STROKE = frozenset({"B", "B*", "b", "b*"})
SHOW = frozenset({"Tj", "TJ", "'", '"'})

#: Device colour spaces that an operator chooses together with the colour.
FILL_DEVICE = {"g": "/DeviceGray", "rg": "/DeviceRGB", "k": "/DeviceCMYK"}
STROKE_DEVICE = {"G": "/DeviceGray", "RG": "/DeviceRGB", "K": "/DeviceCMYK"}

DEFINED = (
    FILL
    | STROKE
    | FILL_AND_STROKE
    | SHOW
    | frozenset(FILL_DEVICE)
    | frozenset(STROKE_DEVICE)
    | frozenset(
        [
            "n",
            "W",
            "W*",
            "w",
            "J",
            "j",
            "M",
            "d",
            "ri",
            "i",
            "gs",
            "q",
            "Q",
            "cm",
            "m",
            "l",
            "c",
            "v",
            "y",
            "h",
            "re",
            "CS",
            "cs",
            "SC",
            "SCN",
            "sc",
            "scn",
            "sh",
            "BI",
            "ID",
            "EI",
            "Do",
            "MP",
            "DP",
            "BMC",
            "BDC",
            "EMC",
            "BX",
            "EX",
            "BT",
            "ET",
            "Tc",
            "Tw",
            "Tz",
            "TL",
            "Tf",
            "Tr",
            "Ts",
            "Td",
            "TD",
            "Tm",
            "T*",
            "d0",
            "d1",
        ]
    )
)

#: Rendering intents, ISO 32000-1 Table 70.
INTENTS = frozenset(
    {"/AbsoluteColorimetric", "/RelativeColorimetric", "/Saturation", "/Perceptual"}
)

#: Text rendering modes that fill, and those that stroke (ISO 32000-1 Table 106); 3 is invisible.
FILLING_MODES = frozenset({0, 2, 4, 6})
STROKING_MODES = frozenset({1, 2, 5, 6})
INVISIBLE = 3

#: Keys of inline images, short and long (ISO 32000-1 Tables 93 and 94).
INLINE_SPACES = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK"}


def wrong_intent(intent: object, where: str) -> str:
    """The message for a rendering intent that ISO 32000-1 does not know."""
    return (
        f"{where} has the rendering intent {shown(intent)}, expected AbsoluteColorimetric, "
        "RelativeColorimetric, Saturation or Perceptual"
    )
