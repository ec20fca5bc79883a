"""Files that people hand in: PDF, JPEG or PNG, told by what is in them, not by their name or what a browser says.

A picture is decoded and written anew, so that nothing of it stays but what one sees: no place, no camera, no
preview, nothing hidden behind its end. A PDF is kept as it is, if it can be read.
"""

import io
import warnings
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
WORDS = {"pdf": "PDF", "jpg": "JPEG", "png": "PNG"}
MOST_PAGES = 1000
JPEG_QUALITY = 88
# A JPEG may come in scans, from coarse to fine: ten or so. Each goes over all pixels, and 61 bytes are enough for one.
START_OF_SCAN, MOST_SCANS = b"\xff\xda", 100
# Other ways to write colours become RGB; these can be kept.
MODES = {"jpg": {"L", "RGB"}, "png": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}}


class Document(NamedTuple):
    content: bytes
    ending: str  # of `TYPES`


class SmallFile(io.BytesIO):
    """Takes no more than a file may have: a PNG can become more than a hundred times as large."""

    def write(self, content: bytes) -> int:
        if self.tell() + len(content) > settings.EVIDENCE_BYTES_MAX:
            raise ValidationError(
                _(
                    "This picture has too much in it to be kept. Save it as a JPEG or in a smaller size, and "
                    "choose it again."
                ),
                code="size",
            )
        return super().write(content)


def most_size() -> str:
    """How large a file may be, in words."""
    return _("%(number)s MB") % {"number": f"{settings.EVIDENCE_BYTES_MAX / 1024**2:.3g}"}


def read_document(file: UploadedFile) -> Document:
    """The document in `file`, fit to be kept. Raises ValidationError with a sentence for the person."""
    if file.size > settings.EVIDENCE_BYTES_MAX:
        raise ValidationError(
            _(
                "The file is too large: at most %(size)s. Make it smaller, or take the photo in a smaller size."
            )
            % {"size": most_size()},
            code="size",
        )
    content = file.read()
    for beginning, ending in BEGINNINGS.items():
        if content.startswith(beginning):
            return Document(
                _checked_pdf(content) if ending == "pdf" else _written_anew(content, ending), ending
            )
    raise ValidationError(_("Choose a PDF, a JPEG or a PNG file. This one is something else."), code="type")


def _checked_pdf(content: bytes) -> bytes:
    from pypdf import PdfReader  # takes a moment, which most requests never need

    try:
        reader = PdfReader(io.BytesIO(content))
        needs_password = reader.is_encrypted and not reader.decrypt("")
        # Only the head of the tree: a hostile one has no end.
        pages = 0 if needs_password else int(reader.trailer["/Root"]["/Pages"]["/Count"])
    except Exception as error:  # what a broken file makes the reader raise has no end, either
        raise ValidationError(_unreadable(), code="pdf") from error
    if needs_password:
        raise ValidationError(_("This PDF needs a password. Save it without one."), code="pdf")
    if pages < 1:
        raise ValidationError(_unreadable(), code="pdf")
    if pages > MOST_PAGES:
        raise ValidationError(_("This PDF has too many pages. Choose a shorter one."), code="pdf")
    return content


def _written_anew(content: bytes, ending: str) -> bytes:
    """The picture as one sees it: turned upright, without anything else that was in the file."""
    from PIL import Image, ImageFile, ImageOps

    form = WORDS[ending]
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES  # the maker of our PDFs switches it on for the whole process
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            picture = Image.open(io.BytesIO(content), formats=[form])
        width, height = picture.size
        has_many_scans = ending == "jpg" and content.count(START_OF_SCAN) > MOST_SCANS
        # Known without decoding anything.
        if width * height > settings.EVIDENCE_PIXELS_MAX or has_many_scans:
            raise Image.DecompressionBombError
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        if picture.mode not in MODES[ending]:
            picture = picture.convert("RGBA" if ending == "png" and picture.has_transparency_data else "RGB")
        kept = {"transparency": picture.info["transparency"]} if "transparency" in picture.info else {}
        picture.info = kept if ending == "png" else {}
        # A photo of quality 75 grows by a half, a JPEG made for it to four times its size.
        file = SmallFile() if ending == "png" else io.BytesIO()
        picture.save(file, form, quality=JPEG_QUALITY)
    except Image.DecompressionBombError as error:
        raise ValidationError(
            _("This picture is too large. Make it smaller and choose it again."), code="pixels"
        ) from error
    except ValidationError:
        raise
    except Exception as error:  # decoders raise whatever a broken file leads them to
        raise ValidationError(_unreadable(), code="picture") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    return file.getvalue()


def _unreadable() -> str:
    return _("This file cannot be read. It may be damaged. Open it, save it again, and choose it once more.")
