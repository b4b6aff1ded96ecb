"""What do Debian's packages say of themselves? The archive's own index, read without installing anything and without root."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ..text import Text, plain

_BOILERPLATE = re.compile(r"This (?:is a |dummy |transitional |metapackage |package )*(?:package )?(?:contains|provides|includes|installs|ships|depends|is)\b")
_FIELD = re.compile(r"^Description-en: (.*)\n((?: .*\n?)*)", re.M)


def apt(folder: Path, *words: str, cwd: Path | None = None) -> None:
    """Runs `apt-get` with lists of our own, so that nobody needs to be root."""
    folder = folder.resolve()
    (folder / "lists/partial").mkdir(parents=True, exist_ok=True)
    settings = [f"Dir::State::Lists={folder / 'lists'}", f"Dir::Cache={folder / 'cache'}", "Acquire::Languages=en", "APT::Sandbox::User="]
    subprocess.run(["apt-get", "-qq", *(part for setting in settings for part in ("-o", setting)), *words], check=True, cwd=cwd)


def fetch(folder: Path) -> list[Path]:
    """Downloads the index of the release that this machine is configured for; the files of English descriptions."""
    apt(folder, "update")
    return sorted((folder / "lists").glob("*Translation-en*"))


def unpacked(name: str, folder: Path, debian_folder: Path) -> Path:
    """What a package holds, below `folder`; downloaded where it is missing, without root and without installing anything."""
    if not (folder / name).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as fresh:
            try:
                apt(debian_folder, "download", name, cwd=Path(fresh))
            except subprocess.CalledProcessError as error:
                raise SystemExit(f"{name}: apt-get could not download this package of Debian 12 (it says why above); check the network and the release") from error
            new = folder / f"{name}.new"
            subprocess.run(["dpkg-deb", "-x", next(Path(fresh).glob("*.deb")), new], check=True)
            new.rename(folder / name)
    return folder / name


def read(folder: Path) -> Iterator[Text]:
    for file in fetch(folder):
        yield from descriptions(_content(file))


def _content(file: Path) -> str:
    helper = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", str(file)], check=True, capture_output=True)
    return helper.stdout.decode("utf-8", "replace")


def descriptions(index: str) -> Iterator[Text]:
    """A title, a passage of all that is said, and each paragraph that says what the thing does."""
    for synopsis, body in _FIELD.findall(index):
        paragraphs = [plain(paragraph) for paragraph in re.split(r"^ \.$", body, flags=re.M)]
        telling = [paragraph for paragraph in paragraphs if not _BOILERPLATE.match(paragraph)]
        yield Text("title", "debian", plain(synopsis), answer=telling[0] if telling else None)
        yield Text("passage", "debian", plain(f"{synopsis}. {' '.join(paragraphs)}")[:1000])
        yield from (Text("passage", "debian", paragraph) for paragraph in telling)
