"""The libraries that read what people bring do their work with what the child has left."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from members.sandbox.process import MIB, Limits, run
from papers.extraction import sandbox
from tests.members.sandbox import pictures
from tests.papers import pdfs

LIMITS = Limits(memory=1024 * MIB)  # what HEIF and AVIF reserve for their threads is counted, too


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP", "AVIF", "HEIF"])
def test_a_picture_is_decoded_and_encoded(kind):
    out = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(out, kind)
    answer = run(f"{pictures.__name__}:shrink", out.getvalue(), LIMITS)
    small = Image.open(io.BytesIO(answer.pop("small")))
    assert (answer, small.format, small.size) == ({"kind": kind, "size": [640, 480]}, "WEBP", (16, 12))


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_is_encrypted_without_a_password_is_read(algorithm, tmp_path):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdfs.giraffe())))
    writer.encrypt("", "owner", algorithm=algorithm)
    path = tmp_path / "locked.pdf"
    writer.write(path)
    assert sandbox.read_pdf(path).metadata == sandbox.read_pdf(_plain(tmp_path)).metadata


def _plain(folder):
    path = folder / "plain.pdf"
    path.write_bytes(pdfs.giraffe())
    return path
