"""T11: a document fetches nothing. Every way of HTML and CSS to name a resource is tried against a server that
records who asks, and against a file that must not be in the PDF. In a field of the facts the same text is only text."""

import contextlib
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import weasyprint

from jinchuan.printing import PrintError, rendering
from tests.printing import paper, sample

SECRET = "planted-4f1c9e"

SNIPPETS = (
    '<img src="{url}">',
    '<img srcset="{url} 2x" src="{url}">',
    '<link rel="stylesheet" href="{url}">',
    '<link rel="attachment" href="{url}" title="a">',
    '<a rel="attachment" href="{url}">附件</a>',
    '<object data="{url}"></object>',
    '<embed src="{url}">',
    '<input type="image" src="{url}">',
    '<style>@import url("{url}");</style>',
    '<style>@import "{url}" print;</style>',
    '<style>@font-face {{ font-family: x; src: url("{url}") }} p {{ font-family: x }}</style><p>字</p>',
    '<style>body {{ background: url("{url}") }}</style>',
    '<style>body {{ background-image: image("{url}"), url("{url}") }}</style>',
    '<style>p::before {{ content: url("{url}") }}</style><p>字</p>',
    '<style>li {{ list-style-image: url("{url}") }}</style><ul><li>字</li></ul>',
    '<style>div {{ border-image: url("{url}") 30 }}</style><div>字</div>',
    '<style>@page {{ background: url("{url}") }}</style>',
    '<style>@page {{ @top-left {{ content: url("{url}") }} }}</style>',
    '<style>@color-profile --x {{ src: url("{url}") }} p {{ color: color(--x 1 1 1 1) }}</style><p>字</p>',
    '<p style="background: url({url})">字</p>',
    '<svg width="9" height="9"><image href="{url}" width="9" height="9"/></svg>',
    '<svg width="9" height="9" xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="{url}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{url}#a"/></svg>',
    '<svg width="9" height="9"><style>@import url("{url}");</style></svg>',
    '<svg width="9" height="9"><rect width="9" height="9" fill="url({url}#a)"/></svg>',
    '<svg width="9" height="9"><filter id="f"><feImage href="{url}"/></filter><rect width="9" height="9" filter="url(#f)"/></svg>',
    '<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E%3Cimage href=%22{url}%22/%3E%3C/svg%3E">',
    '<iframe src="{url}"></iframe>',
    '<script src="{url}"></script>',
    '<video src="{url}" poster="{url}"></video>',
    '<meta http-equiv="refresh" content="0;url={url}">',
    '<base href="{url}/"><img src="next.png">',
    '<table background="{url}"><tr><td background="{url}">1</td></tr></table>',
    '<body background="{url}">',
)  # fmt: skip


@pytest.fixture(scope="module")
def server():
    """A web server on this machine that answers everything and remembers who asked."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, *_):
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{web.server_port}/planted", asked
    web.shutdown()
    web.server_close()
    thread.join()


@pytest.fixture
def local(tmp_path):
    path = tmp_path / "planted.txt"
    path.write_text(SECRET)
    return path.as_uri()


def holds_secret(pdf):
    return any(SECRET.encode() in part for part in [pdf, *_streams(pdf)])


def _streams(pdf):
    for piece in pdf.split(b"stream\n")[1:]:
        try:
            yield zlib.decompressobj().decompress(piece)
        except zlib.error:
            continue


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_nothing_is_fetched(snippet, server, local):
    url, asked = server
    for address in (url, local):
        try:
            made = paper.printed(snippet.format(url=address))
        except PrintError as refusal:
            assert "外部资源" in str(refusal)
        else:
            assert not holds_secret(made.pdf)
    assert asked == []


def test_control_without_our_fetcher_the_server_is_asked(server, monkeypatch):
    """If this fails, the snippets above are blunt and prove nothing."""
    url, asked = server

    class Open(weasyprint.urls.URLFetcher):
        refused = ()

    monkeypatch.setattr(rendering, "_fetcher", lambda _: Open())
    for snippet in SNIPPETS:
        with contextlib.suppress(PrintError):
            paper.printed(snippet.format(url=f"{url}/{SNIPPETS.index(snippet)}"))
    sharp = {path.split("/")[2] for path in asked}
    asked.clear()
    assert len(sharp) >= 16


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/x.png",
        "file:///etc/hostname",
        "x.png",
        "//host/x.png",
        "ftp://host/x.png",
        "print:../base.css",
    ],
)
@pytest.mark.parametrize(
    "snippet",
    ['<img src="{url}">', '<link rel="stylesheet" href="{url}">', '<style>@import url("{url}");</style>'],
)
def test_refused_fetch_fails_the_document(snippet, address):
    with pytest.raises(PrintError, match="外部资源"):
        paper.printed(snippet.format(url=address))


def test_attachment_link_to_a_file_fails(local):
    with pytest.raises(PrintError, match="外部资源"):
        paper.printed(f'<link rel="attachment" href="{local}"><p>字</p>')


def test_picture_in_memory_is_printed():
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    assert b"/Image" in paper.printed(f'<img src="data:image/png;base64,{pixel}">').pdf


def test_hostile_text_in_facts_is_only_text(server, local):
    url, asked = server
    facts = sample.full()
    hostile = [snippet.format(url=address) for snippet in SNIPPETS for address in (url, local)]
    hostile += ["<td colspan=100000>", "</p></body>{% load x %}{{ settings }}", "position:fixed", "&#65;"]
    facts["sections"][0]["paragraphs"] = [" ".join(hostile)]
    facts["title"] = ["<img src=x>", "</h1>"]
    facts["sections"][1]["heading"] = hostile[0]
    facts["sections"][1]["subsections"][0]["paragraphs"] = hostile
    chart = facts["sections"][1]["subsections"][0]["chart"]
    chart["title"], chart["unit"], chart["labels"][0], chart["series"][0][0] = (
        hostile[0],
        "<b>",
        "<script>",
        "</svg>",
    )
    facts["annexes"][0]["rows"][0][1] = facts["annexes"][0]["title"] = facts["annexes"][0]["notes"][0] = (
        hostile[3]
    )
    facts["annexes"][0]["columns"][1]["label"] = hostile[0]
    facts["issuer"] = facts["serial"] = hostile[0]
    made = paper.report(facts)
    assert asked == []
    assert not holds_secret(made.pdf)
    assert "&lt;" not in (words := paper.text(made.pdf))
    assert "<tdcolspan=100000>" in words
    assert "{{settings}}" in words


def test_limits_do_not_mistake_text_for_markup():
    rendering._check_size("<p>&lt;td colspan=100000&gt; " + "&lt;tr&gt;" * 6000)
