"""Embedded documents (BT-125): programs, macros, and nothing at all."""

from __future__ import annotations

from collections.abc import Iterator

from einvoice.checks.check import Observation, Sight
from einvoice.model import Attachment, Invoice

#: Endings of files that a computer runs when they are opened.
_PROGRAM_ENDINGS = frozenset(
    (
        "app", "apk", "bat", "cmd", "com", "cpl", "dll", "exe", "gadget", "hta", "jar", "js", "jse",
        "lnk", "msi", "msp", "ocx", "pif", "ps1", "psm1", "reg", "scr", "sct", "sh", "sys", "vb",
        "vbe", "vbs", "wsf", "wsh",
    )
)  # fmt: skip
#: Endings of office documents with macros.
_MACRO_ENDINGS = frozenset(
    ("docm", "dotm", "potm", "ppam", "ppsm", "pptm", "sldm", "xlam", "xlsm", "xltm")
)
#: MIME types that name a program or macros; IANA and common use.
_PROGRAM_TYPES = frozenset(
    (
        "application/hta",
        "application/java-archive",
        "application/javascript",
        "application/vnd.microsoft.portable-executable",
        "application/x-bat",
        "application/x-csh",
        "application/x-dosexec",
        "application/x-executable",
        "application/x-ms-installer",
        "application/x-msdos-program",
        "application/x-msdownload",
        "application/x-msi",
        "application/x-sh",
        "application/x-sharedlib",
        "text/javascript",
        "text/vbscript",
    )
)
_MACRO_TYPE = ".macroenabled."  # application/vnd.ms-excel.sheet.macroEnabled.12 and the like

_ELF, _SCRIPT, _ZIP = b"\x7fELF", b"#!/", b"PK\x03\x04"
_MACH_O = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
_JAVA_CLASS = b"\xca\xfe\xba\xbe"
_WINDOWS, _WINDOWS_HEADER, _HEADER_PLACE = b"MZ", b"PE\0\0", 0x3C
_MACRO_PART = b"vbaProject.bin"


def dangerous(sight: Sight) -> Iterator[Observation]:
    """No attachment is a program, a script or an office document with macros."""
    for path, name, attachment in _attachments(sight.invoice):
        why = _danger(attachment)
        if why is not None:
            yield Observation(
                message=f"The attachment {name} must not be opened: {why}.",
                paths=(path,),
                evidence=(
                    ("BT-125-2", attachment.filename or ""),
                    ("BT-125-1", attachment.mime_code or ""),
                    ("bytes", str(len(attachment.content))),
                ),
            )


def empty(sight: Sight) -> Iterator[Observation]:
    """No attachment is empty or has nothing but blanks."""
    for path, name, attachment in _attachments(sight.invoice):
        if not attachment.content.strip():
            yield Observation(
                message=f"The attachment {name} is empty: it has no content but blanks.",
                paths=(path,),
                evidence=(
                    ("BT-125-2", attachment.filename or ""),
                    ("bytes", str(len(attachment.content))),
                ),
            )


def _attachments(invoice: Invoice) -> Iterator[tuple[str, str, Attachment]]:
    for number, document in enumerate(invoice.supporting_documents):
        attachment = document.attachment
        if attachment is not None:
            name = attachment.filename or document.reference or f"number {number + 1}"
            yield f"supporting_documents[{number}].attachment", name, attachment


def _danger(attachment: Attachment) -> str | None:
    """What makes an attachment dangerous: its name, its declared type, or what it holds."""
    ending = (attachment.filename or "").strip(" .").lower().rpartition(".")[2]
    mime = (attachment.mime_code or "").partition(";")[0].strip().lower()
    if "." in (attachment.filename or "") and ending in _PROGRAM_ENDINGS:
        return f"its name ends with .{ending}, a program"
    if ending in _MACRO_ENDINGS or _MACRO_TYPE in mime:
        return "it is an office document with macros"
    if mime in _PROGRAM_TYPES:
        return f"its type {mime} is that of a program"
    return _content_danger(attachment.content)


def _content_danger(content: bytes) -> str | None:
    if content.startswith((_ELF, _JAVA_CLASS, *_MACH_O)) or _is_windows_program(content):
        return "its content is a program"
    if content.startswith(_SCRIPT):
        return "its content is a script"
    if content.startswith(_ZIP) and _MACRO_PART in content:
        return "it is an office document with macros"
    return None


def _is_windows_program(content: bytes) -> bool:
    place = int.from_bytes(content[_HEADER_PLACE : _HEADER_PLACE + 4], "little")
    return content.startswith(_WINDOWS) and content[place : place + 4] == _WINDOWS_HEADER
