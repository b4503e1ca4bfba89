"""Files: whatever a user names is opened, and what cannot be opened is said."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from equipoise.errors import InputError
from equipoise.intake.files import Piece, read_pieces, size_of


def zipped(**members: bytes) -> bytes:
    """Return a zip of these; ``__`` in a name stands for a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


def read(path: Path) -> list[tuple[str, bytes] | str]:
    """Return what was read, relative to the path: content, or the message of the error."""
    return [(piece.origin, piece.data) if isinstance(piece, Piece) else str(piece) for piece in read_pieces(path)]


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    """As it is, whatever is in it."""
    path = put(tmp_path, "a.json", b"{}")
    assert list(read_pieces(path)) == [Piece(str(path), b"{}", 2)]


def test_an_empty_file_is_read(tmp_path: Path) -> None:
    """It has no content; that is for the reader of formats to say."""
    path = put(tmp_path, "a.json", b"")
    assert read(path) == [(str(path), b"")]


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    """Every file in it and below, by path."""
    for name in ("b.json", "a/2.json", "a/1.json", "c/d/e.json"):
        put(tmp_path, name, name.encode())
    assert read(tmp_path) == [
        (str(tmp_path / name), name.encode()) for name in ("a/1.json", "a/2.json", "b.json", "c/d/e.json")
    ]


def test_a_folder_without_a_file_is_said_so(tmp_path: Path) -> None:
    """Folders in it do not count."""
    (tmp_path / "below").mkdir()
    assert read(tmp_path) == [f"{tmp_path}: The folder holds no file\nName a folder with registry files."]


def test_a_zip_is_read_member_by_member(tmp_path: Path) -> None:
    """Whatever its name; folders in it are passed over."""
    path = put(tmp_path, "bulk.bin", zipped(**{"b__json": b"2", "sub/": b"", "sub/a__json": b"1"}))
    assert read(path) == [(f"{path}:b.json", b"2"), (f"{path}:sub/a.json", b"1")]


def test_an_empty_zip_gives_nothing(tmp_path: Path) -> None:
    """No member, no error."""
    assert read(put(tmp_path, "empty.zip", zipped())) == []


def test_a_zip_in_a_folder_and_a_zip_in_a_zip_are_read(tmp_path: Path) -> None:
    """So are compressed members."""
    inner = zipped(x__json=b"inner")
    path = put(tmp_path, "below/all.zip", zipped(in__zip=inner, y__gz=gzip.compress(b"packed")))
    assert read(tmp_path) == [(f"{path}:in.zip:x.json", b"inner"), (f"{path}:y.gz", b"packed")]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst", "a"])
def test_compressed_files_are_known_by_content(tmp_path: Path, name: str) -> None:
    """The name does not matter."""
    content = b'{"one": 1}\n' * 1000
    packed = zstandard.compress(content) if name.endswith("zst") else gzip.compress(content)
    path = put(tmp_path, name, packed)
    assert list(read_pieces(path)) == [Piece(str(path), content, len(packed))]


def test_parts_one_after_the_other_are_one_content(tmp_path: Path) -> None:
    """As ``cat a.gz b.gz`` and ``cat a.zst b.zst`` make them."""
    for name, packed in {
        "a.gz": gzip.compress(b"one ") + gzip.compress(b"two"),
        "a.zst": zstandard.compress(b"one ") + zstandard.compress(b"two"),
    }.items():
        path = put(tmp_path, name, packed)
        assert read(path) == [(str(path), b"one two")]


@pytest.mark.parametrize("cut", [5, 12, 40, -9, -1])
def test_a_gz_that_is_cut_short_is_said_so(tmp_path: Path, cut: int) -> None:
    """Nothing of it is read: a part would pass for the whole."""
    path = put(tmp_path, "a.gz", gzip.compress(bytes(range(256)) * 50)[:cut])
    (message,) = read(path)
    assert isinstance(message, str)
    assert message.startswith(f"{path}: The file is cut short or broken (")
    assert message.endswith(")\nDownload it again.")


@pytest.mark.parametrize("cut", [5, 12, 100, -5, -1])
def test_a_zst_that_is_cut_short_is_said_so(tmp_path: Path, cut: int) -> None:
    """Nothing of it is read, wherever it ends."""
    content = b"".join(f"line {count}\n".encode() for count in range(5000))
    packed = zstandard.ZstdCompressor(write_checksum=True).compress(content)
    path = put(tmp_path, "a.zst", packed[:cut])
    (message,) = read(path)
    assert isinstance(message, str)
    assert message.startswith(f"{path}: The file is cut short or broken (")
    assert message.endswith(")\nDownload it again.")


def test_a_gz_with_a_wrong_checksum_is_said_so(tmp_path: Path) -> None:
    """What is not what was packed is not read."""
    packed = bytearray(gzip.compress(b"content"))
    packed[-8] ^= 1
    path = put(tmp_path, "a.gz", bytes(packed))
    (message,) = read(path)
    assert isinstance(message, str)
    assert "CRC check failed" in message


@pytest.mark.parametrize("cut", [10, 60, -1, -22])
def test_a_zip_that_is_cut_short_is_said_so(tmp_path: Path, cut: int) -> None:
    """A zip's list of members is at its end; without it the download was broken off."""
    path = put(tmp_path, "a.zip", zipped(a__json=b"x" * 100, b__json=b"y" * 100)[:cut])
    assert read(path) == [
        f"{path}: The zip file is cut short: the list of its members, at its end, is missing\nDownload it again."
    ]


def test_a_member_with_a_wrong_checksum_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """One flipped byte costs one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in ("a.json", "b.json", "c.json"):
            archive.writestr(name, f"content of {name}")
    path = put(tmp_path, "a.zip", buffer.getvalue().replace(b"content of b", b"content on b"))
    assert read(path) == [
        (f"{path}:a.json", b"content of a.json"),
        f"{path}:b.json: The zip member cannot be read (Bad CRC-32 for file 'b.json')\nDownload the zip again.",
        (f"{path}:c.json", b"content of c.json"),
    ]


def test_a_member_that_is_cut_inside_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """A broken deflate stream costs one member."""
    data = bytearray(zipped(a__json=b"first", b__json=bytes(range(256)), c__json=b"third"))
    start = bytes(data).index(b"b.json") + len("b.json")
    data[start : start + 8] = b"\xff" * 8
    path = put(tmp_path, "a.zip", bytes(data))
    first, second, third = read(path)
    assert (first, third) == ((f"{path}:a.json", b"first"), (f"{path}:c.json", b"third"))
    assert isinstance(second, str)
    assert second.startswith(f"{path}:b.json: The zip member cannot be read (")


def test_a_member_with_a_password_is_named(tmp_path: Path) -> None:
    """We have none to give."""
    data = bytearray(zipped(a__json=b"secret"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[bytes(data).index(mark) + at] |= 1
    path = put(tmp_path, "a.zip", bytes(data))
    (message,) = read(path)
    assert isinstance(message, str)
    assert message.startswith(f"{path}:a.json: The zip member cannot be read (")
    assert "encrypted" in message


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    """A member that unpacks to far more than its size is not unpacked, nested or not; the others are read."""
    bomb = zipped(a__json=b"\0" * (32 << 20), b__json=b"{}")
    for name, data, origin in [("a.zip", bomb, ""), ("b.zip", zipped(in__zip=bomb), ":in.zip")]:
        path = put(tmp_path, name, data)
        assert read(path) == [
            f"{path}{origin}:a.json: It unpacks to 32 MiB, more than 200 times its size\n"
            "No registry file does; it may have been made to do harm. Leave it out.",
            (f"{path}{origin}:b.json", b"{}"),
        ]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_stream_that_unpacks_to_too_much_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    """A .gz or .zst is not unpacked to its end, and nothing of it is read."""
    monkeypatch.setattr("equipoise.intake.limits.LARGEST_PIECE", 1 << 20)
    path = put(tmp_path, "a", pack(b"\0" * (32 << 20)))
    assert read(path) == [
        f"{path}: It unpacks to more than 200 times its size; the rest of it was not read\n"
        "No registry file does; it may have been made to do harm. Leave it out."
    ]


def test_a_missing_path_is_said_so(tmp_path: Path) -> None:
    """The whole message."""
    path = tmp_path / "none.json"
    assert read(path) == [f"{path}: No such file or directory\nCheck the path and its permissions."]


def test_a_broken_link_in_a_folder_does_not_stop_the_others(tmp_path: Path) -> None:
    """What is there is read."""
    put(tmp_path, "a.json", b"1")
    (tmp_path / "b.json").symlink_to(tmp_path / "gone.json")
    put(tmp_path, "c.json", b"3")
    assert [one for one in read(tmp_path) if not isinstance(one, str)] == [
        (str(tmp_path / "a.json"), b"1"),
        (str(tmp_path / "c.json"), b"3"),
    ]


def test_the_size_is_that_of_all_files_named(tmp_path: Path) -> None:
    """Files and folders; standard input and what is missing count as nothing."""
    put(tmp_path, "below/a", b"12345")
    put(tmp_path, "below/deep/b", b"123")
    single = put(tmp_path, "c", b"1")
    assert size_of([tmp_path / "below", single, Path("-"), tmp_path / "none"]) == 9


def test_errors_are_given_not_raised(tmp_path: Path) -> None:
    """Each is an input error, with what to do next."""
    for piece in (*read_pieces(tmp_path), *read_pieces(tmp_path / "none")):
        assert isinstance(piece, InputError)
        assert (piece.exit_code, bool(piece.next)) == (3, True)
