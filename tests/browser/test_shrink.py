"""Pictures made smaller on the phone, in a real browser: upright, without what the camera wrote."""

from __future__ import annotations

import base64
import mimetypes
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.incidents.pictures import GPS_IFD, MP4, picture

pytestmark = pytest.mark.browser

FRONTEND = Path(__file__).resolve().parents[2] / "mapui" / "frontend"
SITE = "http://127.0.0.1:1"
SHRINK = """async ([name, type, content]) => {
    const { shrink } = await import("/shrink.js");
    const file = new File([Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], name, { type });
    try {
        const { blob, hint } = await shrink(file);
        const bytes = new Uint8Array(await blob.arrayBuffer());
        const text = bytes.reduce((all, each) => all + String.fromCharCode(each), "");
        return { name: blob.name, type: blob.type, hint, content: btoa(text) };
    } catch (error) {
        return { error: error.constructor.name, message: error.message };
    }
}"""
OLD_BROWSER = "delete globalThis.OffscreenCanvas; delete globalThis.createImageBitmap;"


@pytest.fixture(scope="session")
def module(tmp_path_factory):
    """The module alone, as a browser loads it."""
    out = tmp_path_factory.mktemp("shrink")
    esbuild = next((FRONTEND / "node_modules" / "@esbuild").glob("*/bin/esbuild"))
    options = ["--bundle", "--splitting", "--format=esm", f"--outdir={out}"]
    subprocess.run([esbuild, "src/phone/shrink.js", *options], cwd=FRONTEND, check=True, capture_output=True)
    (out / "index.html").write_text("<!doctype html><title>shrink</title>")
    return out


@pytest.fixture
def shrink(browser, module):
    """Return a function that has a page make a file smaller; ``prepared`` runs in the page before."""

    def served(route):
        file = module / (route.request.url.removeprefix(SITE).strip("/") or "index.html")
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        route.fulfill(body=file.read_bytes(), content_type=kind)

    def shrunk(content, name="IMG_1.JPG", media_type="image/jpeg", prepared=""):
        page = browser.new_page()
        page.route("**/*", served)
        page.add_init_script(prepared)
        page.goto(SITE)
        answer = page.evaluate(SHRINK, [name, media_type, base64.b64encode(content).decode()])
        page.close()
        return answer

    return shrunk


def photo(size=(4000, 3000), turned=6):
    """A photo as a phone writes it: stored on its side, the corner that is seen upper right is blue."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = turned
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 18.0, 0.0)})
    scene = Image.new("RGB", size, "red")
    scene.paste("blue", (0, 0, size[0] // 2, size[1] // 2))
    out = BytesIO()
    scene.save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("prepared", ["", OLD_BROWSER], ids=["new", "old"])
def test_a_photo_becomes_small_and_upright_and_says_where_it_was_only_beside(shrink, prepared):
    answer = shrink(photo(), prepared=prepared)
    assert (answer["name"], answer["type"]) == ("IMG_1.jpg", "image/jpeg")
    assert answer["hint"] == pytest.approx({"lon": 116.3, "lat": 39.9})
    content = base64.b64decode(answer["content"])
    with Image.open(BytesIO(content)) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (1536, 2048), {})
        assert not {"exif", "xmp", "comment"} & set(seen.info)
        assert [channel > 128 for channel in seen.getpixel((1300, 300))] == [False, False, True]
        assert [channel > 128 for channel in seen.getpixel((200, 300))] == [True, False, False]
    assert b"Secret" not in content


def test_a_small_picture_is_not_enlarged_and_loses_the_rest_too(shrink):
    see_through = BytesIO()
    Image.new("RGBA", (90, 60), (0, 0, 0, 0)).save(
        see_through, "PNG", exif=Image.open(BytesIO(picture())).getexif()
    )
    answer = shrink(see_through.getvalue(), "plan.png", "image/png")
    with Image.open(BytesIO(base64.b64decode(answer["content"]))) as seen:
        assert (seen.format, seen.size, dict(seen.getexif())) == ("JPEG", (60, 90), {})
        assert min(seen.getpixel((30, 45))) > 250
    assert answer["name"] == "plan.jpg"
    assert answer["hint"] == pytest.approx({"lon": 116.3, "lat": 39.9})


@pytest.mark.parametrize(
    ("name", "media_type", "content"),
    [
        ("broken.jpg", "image/jpeg", b"\xff\xd8\xff" + b"x" * 100),
        ("IMG_2.HEIC", "", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 99),
    ],
)
def test_what_the_browser_can_not_show_is_refused_in_a_sentence(shrink, name, media_type, content):
    answer = shrink(content, name, media_type)
    assert answer["error"] == "UnreadablePictureError"
    assert answer["message"] == f"{name} can't be read as a picture. Take it anew, or choose a JPEG."


def test_a_video_stays_as_it_is(shrink):
    answer = shrink(MP4, "v.mp4", "video/mp4")
    assert (base64.b64decode(answer["content"]), answer["name"], answer["hint"]) == (MP4, "v.mp4", None)
