"""One file from a server that misbehaves: the outcome, the number of requests, and what is on disk."""

import json
import tempfile
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_server import (
    QUICK,
    MisbehavingServer,
    StandInForTls,
    break_off,
    direct_session,
    drip,
    make_zip,
    md5,
    names_in,
    quick_transport,
    redirect,
    serve,
    stall,
    status,
)

from analysis.fetch.faults import FetchError, FinalError, SpoiledError
from analysis.fetch.limits import Limits
from analysis.fetch.progress import Progress
from analysis.fetch.remote import RemoteFile
from analysis.fetch.request import Secret, open_session
from analysis.fetch.verify import check_zip

NAME = "20180326044500.export.CSV.zip"
PATH = f"/{NAME}"
# Incompressible text, so that the archive is long enough to be cut in several places.
BODY = make_zip(text="".join(f"{zlib.crc32(str(n).encode())}\t" for n in range(2000)))


@pytest.fixture
def server():
    with MisbehavingServer() as running:
        yield running


@pytest.fixture
def get(server, tmp_path):
    """Route the behaviours, download, close; returns what came and the waits."""

    def download(*behaviours, remote=None, limits=QUICK, **options):
        if behaviours:
            server.route(PATH, *behaviours)
        transport, waits = quick_transport(limits, **options)
        try:
            asked = remote or RemoteFile(NAME, f"{server.base}{PATH}", len(BODY), md5(BODY))
            return transport.download(asked, tmp_path), waits
        finally:
            transport.close()

    return download


def failure(get, *behaviours, **options):
    with pytest.raises(FetchError) as caught:
        get(*behaviours, **options)
    return str(caught.value)


def ranges(server):
    return [headers.get("Range") for headers in server.headers(PATH)]


def test_a_whole_file_is_put_in_place_with_one_request(server, get, tmp_path):
    received, waits = get(serve(BODY))
    assert (tmp_path / NAME).read_bytes() == BODY
    assert (received.size, received.transferred) == (len(BODY), len(BODY))
    assert (names_in(tmp_path), ranges(server), waits) == ([NAME], [None], [])


def test_a_503_is_tried_again_with_a_doubling_wait(server, get, tmp_path):
    _, waits = get(status(503), status(503), status(503), serve(BODY))
    assert waits == [1, 2, 3]  # the third would be 4, the longest is 3
    assert len(server.requests) == 4
    assert names_in(tmp_path) == [NAME]


def test_a_503_that_stays_fails_after_all_tries(server, get, tmp_path):
    text = failure(get, status(503))
    assert text == f"{NAME}: the server answered 503 (4 tries); try again later"
    assert (len(server.requests), names_in(tmp_path)) == (4, [])


def test_the_wait_is_drawn_between_zero_and_its_bound(server, tmp_path):
    server.route(PATH, status(503), serve(BODY))
    drawn = []
    transport, waits = quick_transport()
    transport.draw = lambda low, high: drawn.append((low, high)) or 0.25
    transport.download(RemoteFile(NAME, f"{server.base}{PATH}", None, md5(BODY)), tmp_path)
    transport.close()
    assert (drawn, waits) == ([(0.0, 1.0)], [0.25])


def test_retry_after_in_seconds_is_honoured_and_capped(server, get):
    limits = Limits(tries=3, longest_retry_after_seconds=100)
    _, waits = get(status(429, Retry_After="7"), status(429, Retry_After="86400"), serve(BODY), limits=limits)
    assert (waits, len(server.requests)) == ([7, 100], 3)


def test_retry_after_as_a_date_is_read_against_the_date_of_the_server(server, get):
    def answer(handler, owner):
        handler.send_response_only(429)
        handler.send_header("Date", "Mon, 26 Mar 2018 04:45:00 GMT")
        handler.send_header("Retry-After", "Mon, 26 Mar 2018 04:45:30 GMT")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    _, waits = get(answer, serve(BODY))
    assert (waits, len(server.requests)) == ([30.0], 2)


@pytest.mark.parametrize("resets", [True, False])
def test_a_connection_cut_in_the_middle_is_continued_where_it_broke(server, get, tmp_path, resets):
    received, waits = get(break_off(BODY, 4000, resets=resets), serve(BODY))
    assert ranges(server) == [None, "bytes=4000-"]
    assert server.headers(PATH)[1]["If-Range"] == '"1"'
    assert ((tmp_path / NAME).read_bytes(), received.transferred, len(waits)) == (BODY, len(BODY), 1)
    assert names_in(tmp_path) == [NAME]


def test_last_modified_continues_a_file_without_a_strong_etag(server, get):
    day = "Mon, 26 Mar 2018 04:45:00 GMT"
    get(break_off(BODY, 4000, etag='W/"1"', modified=day), serve(BODY, etag='W/"1"', modified=day))
    assert server.headers(PATH)[1]["If-Range"] == day


def test_without_etag_and_date_the_file_is_fetched_whole(server, get, tmp_path):
    get(break_off(BODY, 4000, etag=None), serve(BODY, etag=None))
    assert (ranges(server), names_in(tmp_path)) == ([None, None], [NAME])


def test_a_server_that_ignores_range_sends_the_whole_and_is_taken_at_it(server, get, tmp_path):
    received, _ = get(break_off(BODY, 4000), serve(BODY, ranges=False))
    assert (tmp_path / NAME).read_bytes() == BODY
    assert (len(server.requests), received.transferred) == (2, 4000 + len(BODY))


def test_a_changed_etag_starts_the_file_anew(server, get, tmp_path):
    other = make_zip(text="changed\n" * 900)
    remote = RemoteFile(NAME, f"{server.base}{PATH}", None, md5(other))
    get(break_off(BODY, 4000), serve(other, etag='"2"'), remote=remote)
    assert ((tmp_path / NAME).read_bytes(), len(server.requests)) == (other, 2)


def test_a_server_that_continues_a_changed_file_is_found_out(server, get, tmp_path):
    other = make_zip(text="".join(f"{zlib.crc32(str(-n).encode())}\t" for n in range(2000)))
    remote = RemoteFile(NAME, f"{server.base}{PATH}", None, md5(other))
    stubborn = serve(other, etag='"2"', checks_if_range=False)
    get(break_off(BODY, 4000), stubborn, remote=remote)
    assert ((tmp_path / NAME).read_bytes(), ranges(server)) == (other, [None, "bytes=4000-", None])


@pytest.mark.parametrize(("start", "tag"), [(10, '"1"'), (4000, '"2"')])
def test_continued_bytes_of_another_place_or_version_are_found_without_a_checksum(server, get, tmp_path, start, tag):
    def shifted(handler, owner):
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{start + len(BODY) - 4001}/{len(BODY)}")
        handler.send_header("ETag", tag)
        handler.send_header("Content-Length", str(len(BODY) - 4000))
        handler.end_headers()
        handler.wfile.write(BODY[:-4000])

    remote = RemoteFile("a.csv", f"{server.base}{PATH}")
    get(break_off(BODY, 4000), shifted, serve(BODY), remote=remote)
    assert ((tmp_path / "a.csv").read_bytes(), len(server.requests)) == (BODY, 3)


def test_a_second_run_goes_on_from_the_part_that_the_first_left(server, get, tmp_path):
    text = failure(get, break_off(BODY, 4000), status(503))
    assert f"4000 bytes are kept in {NAME}.part" in text
    assert names_in(tmp_path) == [f"{NAME}.part", f"{NAME}.part.json"]
    received, _ = get(serve(BODY))
    assert (ranges(server)[-1], received.transferred) == ("bytes=4000-", len(BODY) - 4000)
    assert ((tmp_path / NAME).read_bytes(), names_in(tmp_path)) == (BODY, [NAME])


def test_a_part_without_its_state_or_of_another_address_is_not_continued(server, get, tmp_path):
    for state in (None, "{", json.dumps({"url": "http://elsewhere/", "validator": '"1"'})):
        (tmp_path / f"{NAME}.part").write_bytes(b"x" * 4000)
        if state is not None:
            (tmp_path / f"{NAME}.part.json").write_text(state, encoding="utf-8")
        get(serve(BODY))
        assert (tmp_path / NAME).read_bytes() == BODY
    assert ranges(server) == [None, None, None]


def test_a_part_that_is_whole_is_verified_without_a_request(server, get, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(BODY)
    state = {"url": f"{server.base}{PATH}", "validator": '"1"'}
    (tmp_path / f"{NAME}.part.json").write_text(json.dumps(state), encoding="utf-8")
    received, _ = get()
    assert (server.requests, received.transferred, names_in(tmp_path)) == ([], 0, [NAME])


def test_a_part_longer_than_the_file_is_thrown_away(server, get, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(BODY + b"more")
    state = {"url": f"{server.base}{PATH}", "validator": '"1"'}
    (tmp_path / f"{NAME}.part.json").write_text(json.dumps(state), encoding="utf-8")
    get(serve(BODY))
    assert ((tmp_path / NAME).read_bytes(), len(server.requests)) == (BODY, 2)


def test_a_part_that_is_a_link_does_not_lead_out_of_the_folder(server, get, tmp_path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "precious"
    outside.write_bytes(b"precious")
    (tmp_path / f"{NAME}.part").symlink_to(outside)
    state = {"url": f"{server.base}{PATH}", "validator": '"1"'}
    (tmp_path / f"{NAME}.part.json").write_text(json.dumps(state), encoding="utf-8")
    get(serve(BODY))
    assert (outside.read_bytes(), (tmp_path / NAME).read_bytes()) == (b"precious", BODY)


def test_a_slow_body_is_given_up_and_continued(server, get, tmp_path):
    get(stall(BODY, 3000), serve(BODY))
    assert (ranges(server), (tmp_path / NAME).read_bytes()) == ([None, "bytes=3000-"], BODY)


def test_a_body_that_drips_is_too_slow_although_each_read_is_in_time(server, get):
    text = failure(get, drip(BODY), limits=Limits(connect_seconds=1, read_seconds=0.2, tries=1))
    assert "bytes came in 0.2 s" in text
    assert len(server.requests) == 1


def test_a_server_that_does_not_answer_runs_into_the_time_limit(server, get, tmp_path):
    text = failure(get, lambda handler, owner: owner.over.wait(1), limits=Limits(read_seconds=0.1, tries=2))
    assert text == f"{NAME}: no answer from 127.0.0.1 within 0.1 s (2 tries); try again later"
    assert names_in(tmp_path) == []


def test_a_server_that_is_not_there_is_said(get, tmp_path):
    text = failure(get, remote=RemoteFile(NAME, "http://127.0.0.1:9/x"), limits=Limits(connect_seconds=0.5, tries=2))
    assert text == f"{NAME}: the connection to 127.0.0.1 failed or was cut (2 tries); try again later"


def test_a_wrong_checksum_is_fetched_twice_and_leaves_nothing(server, get, tmp_path):
    text = failure(get, serve(make_zip(text="other")))
    assert "its checksum is md5:" in text
    assert f"published is {md5(BODY)} (2 tries)" in text
    assert (ranges(server), names_in(tmp_path)) == ([None, None], [])


def test_a_wrong_checksum_leaves_the_older_file_as_it_was(server, get, tmp_path):
    (tmp_path / NAME).write_bytes(b"older")
    failure(get, serve(make_zip(text="other")))
    assert ((tmp_path / NAME).read_bytes(), names_in(tmp_path)) == (b"older", [NAME])


def test_a_checksum_that_is_right_the_second_time_is_enough(server, get, tmp_path):
    get(serve(make_zip(text="other")), serve(BODY))
    assert ((tmp_path / NAME).read_bytes(), len(server.requests)) == (BODY, 2)


def test_a_truncated_archive_without_checksum_is_found_by_reading_it(server, get, tmp_path):
    remote = RemoteFile(NAME, f"{server.base}{PATH}")
    text = failure(get, serve(BODY[:-200]), remote=remote)
    assert "the archive is broken" in text
    assert (len(server.requests), names_in(tmp_path)) == (2, [])


def test_an_archive_broken_as_published_is_fetched_once(server, get, tmp_path):
    broken = BODY[:5000] + b"\x00\x01\x02" + BODY[5003:]
    text = failure(get, serve(broken), remote=RemoteFile(NAME, f"{server.base}{PATH}", None, md5(broken)))
    assert "broken although its checksum is the published one" in text
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


def test_an_archive_that_expands_beyond_the_limit_is_refused(server, get, tmp_path):
    bomb = make_zip(text="0" * 3_000_000)
    remote = RemoteFile(NAME, f"{server.base}{PATH}", len(bomb), md5(bomb))
    text = failure(get, serve(bomb), remote=remote, limits=Limits(max_unpacked_bytes=1_000_000))
    assert "the archive expands to 3000000 bytes, more than the limit of 1000000" in text
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


@pytest.mark.parametrize("member", ["../evil.csv", "/etc/evil", "a\\..\\..\\evil", "C:evil"])
def test_an_archive_with_a_path_outside_its_folder_is_refused(server, get, tmp_path, member):
    evil = make_zip(name=member)
    text = failure(get, serve(evil), remote=RemoteFile(NAME, f"{server.base}{PATH}", None, md5(evil)))
    assert "names a path outside its folder" in text
    assert names_in(tmp_path) == []


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4), st.integers(0, 60))
def test_no_archive_however_broken_raises_anything_else(changes, cut):
    damaged = bytearray(make_zip(text="a\tb\n" * 20))
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(damaged[: len(damaged) - cut])
        try:
            check_zip(path, 10**9, is_as_published=False)
        except (SpoiledError, FinalError):
            return
        assert zipfile.ZipFile(path).testzip() is None


def test_an_archive_with_an_offset_before_its_beginning_is_broken(tmp_path):
    damaged = bytearray(make_zip())
    damaged[-6:-2] = b"\xff\xff\xff\x7f"  # where the directory begins, as the last record says
    (tmp_path / NAME).write_bytes(damaged)
    with pytest.raises(SpoiledError, match="the archive is broken"):
        check_zip(tmp_path / NAME, 10**9, is_as_published=False)


def test_an_encrypted_archive_is_refused(server, get, tmp_path):
    locked = bytearray(BODY)
    locked[6] |= 1  # the flag in the header of the member, and in the directory of the archive
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    text = failure(get, serve(bytes(locked)), remote=RemoteFile(NAME, f"{server.base}{PATH}", None, md5(bytes(locked))))
    assert "the archive is encrypted" in text
    assert names_in(tmp_path) == []


def test_a_file_published_as_too_large_is_not_asked_for(server, get):
    remote = RemoteFile(NAME, f"{server.base}{PATH}", 10**12)
    assert "the limit is 1000" in failure(get, serve(BODY), remote=remote, limits=Limits(max_bytes=1000))
    assert server.requests == []


def test_a_file_announced_as_too_large_is_not_read(server, get, tmp_path):
    remote = RemoteFile(NAME, f"{server.base}{PATH}")
    limits = Limits(max_bytes=1000, read_seconds=0.3)
    assert f"it has {len(BODY)} bytes" in failure(get, stall(BODY, 0), remote=remote, limits=limits)
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


def test_a_file_that_grows_too_large_without_announcing_it_is_cut(server, get, tmp_path):
    def endless(handler, owner):
        handler.send_response(200)
        handler.send_header("ETag", '"1"')
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"x" * 1000)

    text = failure(get, endless, remote=RemoteFile("a.csv", f"{server.base}{PATH}"), limits=Limits(max_bytes=200_000))
    assert "the limit is 200000" in text
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


def test_a_length_that_promises_too_much_is_not_believed(server, get, tmp_path):
    text = failure(get, serve(BODY, etag=None, length=len(BODY) + 50), limits=Limits(tries=2, read_seconds=0.3))
    assert "the connection was cut in the middle of the file (2 tries)" in text
    assert (len(server.requests), names_in(tmp_path)) == (2, [])


def test_a_length_that_promises_too_little_is_found_by_the_checksum(server, get, tmp_path):
    text = failure(get, serve(BODY, length=len(BODY) - 50))
    assert "its checksum is" in text
    assert names_in(tmp_path) == []


def test_a_length_that_promises_too_little_is_found_by_the_published_size(server, get, tmp_path):
    remote = RemoteFile("a.csv", f"{server.base}{PATH}", size=len(BODY))
    text = failure(get, serve(BODY, length=len(BODY) - 50), remote=remote)
    assert f"it has {len(BODY) - 50} bytes, published are {len(BODY)}" in text
    assert names_in(tmp_path) == []


def test_a_chunked_body_cut_short_is_tried_again(server, get, tmp_path):
    def cut(handler, owner):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"10\r\nonly five")
        handler.close_connection = True

    def chunked(handler, owner):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY))

    get(cut, chunked)
    assert ((tmp_path / NAME).read_bytes(), len(server.requests)) == (BODY, 2)


@pytest.mark.parametrize("code", [404, 410])
def test_a_missing_file_is_asked_for_once(server, get, tmp_path, code):
    assert f"the server has no such file ({code}); check the request" in failure(get, status(code))
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


def test_refused_access_without_a_token_names_the_variable(server, get):
    text = failure(get, status(403), secret=Secret("DATAVERSE_API_TOKEN", "X-Dataverse-key"))
    assert text.endswith("(403); set the environment variable DATAVERSE_API_TOKEN to your token")
    assert (len(server.requests), "X-Dataverse-key" in server.headers(PATH)[0]) == (1, False)


def test_refused_access_with_a_token_does_not_show_it(server, get):
    secret = Secret("DATAVERSE_API_TOKEN", "X-Dataverse-key", "s3cr3t")
    text = failure(get, status(401), secret=secret)
    assert "check that the token in DATAVERSE_API_TOKEN is valid" in text
    assert "s3cr3t" not in text + repr(secret)
    assert server.headers(PATH)[0]["X-Dataverse-key"] == "s3cr3t"


def test_what_the_server_says_is_passed_on_without_the_token(server, get):
    body = json.dumps({"status": "ERROR", "message": "guestbook needed, s3cr3t"}).encode()
    text = failure(get, status(400, body), secret=Secret("V", "X-Dataverse-key", "s3cr3t"))
    assert text.endswith("the server answered 400; it says: guestbook needed, ...")


def test_what_the_server_says_cannot_steer_the_terminal(server, get):
    text = failure(get, status(400, json.dumps({"message": "\x1b[2Jgone"}).encode()))
    assert text == f"{NAME}: the server answered 400"


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("text/html; charset=utf-8", b"Access denied"),
        ("application/octet-stream", b"\n <!DOCTYPE html><title>Sign in</title>"),
    ],
)
def test_a_web_page_with_status_200_is_not_taken_for_the_file(server, get, tmp_path, kind, page):
    text = failure(get, serve(page, kind=kind))
    assert "the server sent a web page instead of the file" in text
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


def test_a_body_compressed_on_the_way_is_refused(server, get):
    def answer(handler, owner):
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", "3")
        handler.end_headers()
        handler.wfile.write(b"abc")

    assert "compressed on the way" in failure(get, answer)
    assert server.headers(PATH)[0]["Accept-Encoding"] == "identity"


def test_redirects_are_followed_up_to_the_limit(server, get, tmp_path):
    hops = [f"/hop{n}" for n in range(5)]
    for here, there in zip([PATH, *hops], hops, strict=False):
        server.route(here, redirect(there))
    server.route(hops[-1], serve(BODY))
    get()
    assert (server.paths(), names_in(tmp_path)) == ([PATH, *hops], [NAME])


def test_a_redirect_loop_ends(server, get, tmp_path):
    text = failure(get, redirect(PATH))
    assert "redirected more than 5 times" in text
    assert (len(server.requests), names_in(tmp_path)) == (6, [])


def test_a_redirect_from_https_to_http_is_not_followed(server, get, tmp_path):
    def session():
        made = direct_session()
        made.mount("https://", StandInForTls(server.base))
        return made

    server.route(PATH, redirect(f"{server.base}/plain"))
    server.route("/plain", serve(BODY))
    transport, _ = quick_transport()
    transport.make_session = session
    with pytest.raises(FetchError, match=r"redirected from https to http on 127\.0\.0\.1"):
        transport.download(RemoteFile(NAME, f"https://secure.example{PATH}", None, md5(BODY)), tmp_path)
    transport.close()
    assert (server.paths(), names_in(tmp_path)) == ([PATH], [])


@pytest.mark.parametrize(
    "location", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://user:pass@127.0.0.1/x", "http://[/x"]
)
def test_a_redirect_out_of_http_is_not_followed(server, get, tmp_path, location):
    text = failure(get, redirect(location))
    assert "the server redirected to" in text
    assert "pass" not in text
    assert (len(server.requests), names_in(tmp_path)) == (1, [])


def test_the_body_of_a_redirect_is_not_read(server, get, tmp_path):
    def endless(handler, owner):
        handler.send_response(302)
        handler.send_header("Location", "/there")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        while not owner.over.is_set():
            handler.wfile.write(b"x" * 1000)

    server.route("/there", serve(BODY))
    received, _ = get(endless)
    assert (received.transferred, server.paths(), names_in(tmp_path)) == (len(BODY), [PATH, "/there"], [NAME])


def test_the_token_does_not_follow_a_redirect_to_another_host(server, get, tmp_path):
    with MisbehavingServer() as storage:
        storage.route("/stored?signature=hidden", redirect("/again"))
        storage.route("/again", serve(BODY))
        server.route(PATH, redirect(f"http://localhost:{storage.port}/stored?signature=hidden"))
        get(secret=Secret("V", "X-Dataverse-key", "s3cr3t"))
        assert server.headers(PATH)[0]["X-Dataverse-key"] == "s3cr3t"
        assert len(storage.requests) == 2
        assert all("s3cr3t" not in str(headers) for _, headers in storage.requests)
    assert names_in(tmp_path) == [NAME]


def test_the_token_stays_on_a_redirect_within_the_host(server, get):
    server.route(PATH, redirect("/inside"))
    server.route("/inside", serve(BODY))
    get(secret=Secret("V", "X-Dataverse-key", "s3cr3t"))
    assert server.headers("/inside")[0]["X-Dataverse-key"] == "s3cr3t"


def test_the_token_does_not_travel_unencrypted(get):
    remote = RemoteFile(NAME, "http://dataverse.example/x")
    text = failure(get, remote=remote, secret=Secret("DATAVERSE_API_TOKEN", "X-Dataverse-key", "s3cr3t"))
    assert "the token in DATAVERSE_API_TOKEN would travel unencrypted to dataverse.example" in text
    assert "s3cr3t" not in text


def test_a_signed_address_of_storage_is_neither_shown_nor_kept(server, get, tmp_path):
    with MisbehavingServer() as storage:
        storage.route("/s?signature=hidden", break_off(BODY, 4000))
        server.route(PATH, redirect(f"{storage.base}/s?signature=hidden"))
        text = failure(get, limits=Limits(tries=1))
    assert "hidden" not in text + (tmp_path / f"{NAME}.part.json").read_text(encoding="utf-8")


def test_cookies_are_not_kept(server, get):
    get(status(503, Set_Cookie="a=b"), serve(BODY))
    assert "Cookie" not in server.headers(PATH)[1]


def test_a_password_in_netrc_is_not_sent(server, get, tmp_path, monkeypatch, tmp_path_factory):
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cr3t\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server.route(PATH, serve(BODY))
    transport, _ = quick_transport()
    transport.make_session = open_session
    transport.download(RemoteFile(NAME, f"{server.base}{PATH}", None, md5(BODY)), tmp_path)
    transport.close()
    assert "Authorization" not in server.headers(PATH)[0]


def test_a_folder_that_is_not_there_is_said(server, tmp_path):
    server.route(PATH, serve(BODY))
    transport, _ = quick_transport()
    with pytest.raises(FetchError, match=r"cannot write to '.*gone' \(No such file or directory\); check the disk"):
        transport.download(RemoteFile(NAME, f"{server.base}{PATH}"), tmp_path / "gone")
    transport.close()


def test_a_disk_that_is_full_is_said(get, monkeypatch, tmp_path):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("analysis.fetch.transport.os.replace", full)
    text = failure(get, serve(BODY))
    assert "No space left on device" in text
    assert NAME not in names_in(tmp_path)


def test_progress_follows_the_bytes_and_the_waits(server, get):
    class Told(Progress):
        def __init__(self):
            self.moves, self.waits = [], []

        def moved(self, name, received, size):
            self.moves.append(received)

        def waiting(self, name, seconds, reason):
            self.waits.append((name, seconds, reason))

    told = Told()
    get(break_off(BODY, 4000), serve(BODY, ranges=False), progress=told)
    assert told.moves[-1] == len(BODY)
    assert 4000 in told.moves
    assert told.waits == [(NAME, 1.0, "the connection was cut in the middle of the file")]
