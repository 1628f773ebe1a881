"""6.3 to 6.5: annotations, forms and actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from einvoice.pdf.pdfa.fault import Fault
from einvoice.pdf.pdfa.subject import (
    MAX_DEPTH,
    Subject,
    as_dictionary,
    as_list,
    is_dictionary,
    is_stream,
    text_of,
)

#: Annotation types of ISO 32000-1 without those that play or show something else.
ANNOTATIONS = frozenset(
    (
        "/Text",
        "/Link",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
        "/Stamp",
        "/Caret",
        "/Ink",
        "/Popup",
        "/FileAttachment",
        "/Widget",
        "/PrinterMark",
        "/TrapNet",
        "/Watermark",
        "/Redact",
    )
)
ACTIONS = frozenset(("/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"))
NAMED_ACTIONS = frozenset(("/NextPage", "/PrevPage", "/FirstPage", "/LastPage"))

PRINT = 4
NOT_SHOWN = {1: "Invisible", 2: "Hidden", 32: "NoView", 256: "ToggleNoView"}

Annotation = tuple[Any, str]  #: the dictionary, and how a message names it


def annotations_of(subject: Subject) -> list[Annotation]:
    """The annotations of all pages."""
    return [
        (item, f"the {_type(item)} annotation {index} of page {number}")
        for number, page in enumerate(subject.pages, 1)
        for index, item in enumerate(as_list(page.get("/Annots")), 1)
        if is_dictionary(item)
    ]


def _type(item: Any) -> str:
    return text_of(item.get("/Subtype", "/untyped"))[1:]


def types(subject: Subject) -> Iterator[Fault]:
    """Annotations are of the types that stand on the page as they are."""
    for item, name in subject.once(annotations_of):
        if text_of(item.get("/Subtype")) not in ANNOTATIONS:
            yield Fault("6.3.1-1", f"{name} is of a type that PDF/A does not allow")


def flags(subject: Subject) -> Iterator[Fault]:
    """Annotations are printed and shown."""
    for item, name in subject.once(annotations_of):
        value = item.get("/F")
        if value is None:
            if item.get("/Subtype") != "/Popup":
                yield Fault("6.3.2-1", f"{name} has no flags, expected F with the flag Print")
        elif isinstance(value, int):
            yield from _flags(value, name)


def _flags(value: int, name: str) -> Iterator[Fault]:
    wrong = [flag for bit, flag in NOT_SHOWN.items() if value & bit]
    if wrong or not value & PRINT:
        found = ", ".join(wrong) or "no flag Print"
        yield Fault("6.3.2-2", f"{name} has {found}, expected Print and none that hides it")


def appearances(subject: Subject) -> Iterator[Fault]:
    """Annotations carry their appearance, so that every reader shows the same."""
    for item, name in subject.once(annotations_of):
        appearance = item.get("/AP")
        if appearance is None:
            if item.get("/Subtype") not in ("/Popup", "/Link") and not _is_point(item):
                yield Fault("6.3.3-1", f"{name} has no appearance, expected AP")
        elif is_dictionary(appearance):
            yield from _appearance(item, appearance, name)


def _is_point(item: Any) -> bool:
    """Whether the rectangle of an annotation has no extent in both directions."""
    corners = as_list(item.get("/Rect"))
    return len(corners) == 4 and corners[0] == corners[2] and corners[1] == corners[3]


def _appearance(item: Any, appearance: Any, name: str) -> Iterator[Fault]:
    if set(appearance.keys()) != {"/N"}:
        yield Fault("6.3.3-2", f"the appearance dictionary of {name} has keys other than just N")
    normal = appearance.get("/N")
    if item.get("/Subtype") == "/Widget" and field_value(item, "/FT") == "/Btn":
        if is_stream(normal) or not is_dictionary(normal):
            yield Fault(
                "6.3.3-3",
                f"the appearance N of {name} is no dictionary of states, as a button's is",
            )
    elif not is_stream(normal):
        yield Fault("6.3.3-4", f"the appearance N of {name} is no stream")


def field_value(field: Any, key: str) -> Any:
    """A value of a form field, its own or inherited; None if absent."""
    for _ in range(MAX_DEPTH):
        if not is_dictionary(field):
            return None
        if (value := field.get(key)) is not None:
            return value
        field = field.get("/Parent")
    return None


def fields_of(subject: Subject) -> list[Any]:
    """The fields of the form and all fields below them, each once."""
    found: list[Any] = []
    seen: set[tuple[int, int]] = set()
    stack = as_list(_form(subject).get("/Fields"))
    while stack:
        field = stack.pop()
        if not is_dictionary(field) or field.objgen in seen:
            continue
        if field.is_indirect:
            seen.add(field.objgen)
            stack.extend(as_list(field.get("/Kids")))
        found.append(field)
    return found


def _form(subject: Subject) -> Any:
    return as_dictionary(subject.catalog.get("/AcroForm"))


def form_actions(subject: Subject) -> Iterator[Fault]:
    """Neither a widget nor a field does anything by itself."""
    for item, name in subject.once(annotations_of):
        if item.get("/Subtype") == "/Widget" and ("/A" in item or "/AA" in item):
            yield Fault("6.4.1-1", f"{name} has actions, expected neither A nor AA")
    for field in subject.once(fields_of):
        if "/AA" in field:
            yield Fault("6.4.1-2", f"the form field {_title(field)} has additional actions (AA)")


def _title(field: Any) -> str:
    return f"object {field.objgen[0]}" if field.is_indirect else "without a number"


def form(subject: Subject) -> Iterator[Fault]:
    """The form is drawn as it is stored, and there is no XFA form."""
    form = _form(subject)
    if form.get("/NeedAppearances") is True:
        yield Fault("6.4.1-3", "the form has NeedAppearances true, expected false or no such key")
    if "/XFA" in form:
        yield Fault("6.4.2-1", "the form has the key XFA, which PDF/A does not allow")
    if subject.catalog.get("/NeedsRendering") is True:
        yield Fault("6.4.2-2", "the catalog has NeedsRendering true, which is for XFA forms")


def signatures(subject: Subject) -> Iterator[Fault]:
    """A signature covers the whole file but for itself."""
    for field in subject.once(fields_of):
        value = field.get("/V")
        if field_value(field, "/FT") == "/Sig" and is_dictionary(value):
            problem = _byte_range(as_list(value.get("/ByteRange")), subject.data)
            if problem:
                yield Fault("6.4.3-1", f"ByteRange of the signature {_title(field)} {problem}")


def _byte_range(numbers: list[Any], data: bytes) -> str | None:
    """What is wrong with the range of a signature; a later revision may follow the signed one."""
    if len(numbers) != 4 or not all(isinstance(number, int) for number in numbers):
        return "is not made of four whole numbers"
    start, first, second, rest = numbers
    gap = data[first:second].strip()
    if start or not (gap.startswith(b"<") and gap.endswith(b">")):
        return "does not cover all but the signature"
    if second + rest > len(data) or not data[: second + rest].rstrip().endswith(b"%%EOF"):
        return "does not end at an end-of-file marker"
    return None


def actions_of(subject: Subject) -> list[Annotation]:
    """All actions, wherever they hang."""
    found = []
    for row in subject.dictionaries:
        for key in ("/A", "/OpenAction", "/Next", "/PA"):
            if row.key == "/AA" or key in row.value:
                found += [(item, row.holder) for item in as_list(row.value.get(key))]
        if is_dictionary(more := row.value.get("/AA")):
            found += [(item, row.holder) for _, item in more.items()]
    return [(item, name) for item, name in found if _is_action(item)]


def _is_action(item: Any) -> bool:
    """An action has a kind; what has an owner (O) beside it is an attribute of the structure."""
    return is_dictionary(item) and "/S" in item and ("/O" not in item or "/Type" in item)


def action_kinds(subject: Subject) -> Iterator[Fault]:
    """Actions move about or open an address; none runs a program or changes the page."""
    for item, name in subject.once(actions_of):
        kind = text_of(item.get("/S"))
        if kind not in ACTIONS:
            yield Fault("6.5.1-1", f"{name} has an action {kind[1:]}, which PDF/A does not allow")
        elif kind == "/Named" and text_of(item.get("/N")) not in NAMED_ACTIONS:
            yield Fault(
                "6.5.1-2",
                f"{name} has the named action {text_of(item.get('/N'))[1:]}, "
                "expected NextPage, PrevPage, FirstPage or LastPage",
            )
    if "/JavaScript" in as_dictionary(subject.catalog.get("/Names")):
        yield Fault("6.5.1-1", "the name dictionary has JavaScript, which PDF/A does not allow")


def triggers(subject: Subject) -> Iterator[Fault]:
    """Neither opening the document nor turning a page starts anything."""
    if "/AA" in subject.catalog:
        yield Fault("6.5.2-1", "the catalog has additional actions (AA)")
    for number, page in enumerate(subject.pages, 1):
        if "/AA" in page:
            yield Fault("6.5.2-2", f"page {number} has additional actions (AA)")


CHECKS: tuple[Callable[[Subject], Iterator[Fault]], ...] = (
    types,
    flags,
    appearances,
    form_actions,
    form,
    signatures,
    action_kinds,
    triggers,
)

UNCHECKED = {
    "6.4.3": "of a signature only ByteRange is looked at, not its certificates and signers",
}
