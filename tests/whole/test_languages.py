#!/usr/bin/python3
"""The workbook of samples/virksomhet in nb, nn and en: the sheets are named as reference/workbook.md says, and no text of
the program's own is left unfilled, untranslated or shown by its key, in cells, charts, alt texts, footers or properties.

The program is $INNSIKT, else the innsikt of $INNSIKT_BUILD, else build/release/innsikt."""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from xml.etree import ElementTree

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("INNSIKT_BUILD", ROOT / "build/release"))
PROGRAM = pathlib.Path(os.environ.get("INNSIKT", BUILD / "innsikt")).resolve()
SAMPLE = ROOT / "samples/virksomhet"

SHEETS = {
    "nb": "Forside Robusthet Fordeling SWOT Funn TOWS Intern Omverden Involvering Utsagn Grunnlag Metode _diagram _innsikt",
    "nn": "Framside Robustheit Fordeling SWOT Funn TOWS Intern Omverda Involvering Utsegner Grunnlag Metode _diagram _innsikt",
    "en": "Cover Robustness Distribution SWOT Findings TOWS Internal External Involvement Statements Basis Method _diagram _innsikt",
}
DOCUMENT_LANGUAGE = {"nb": "nb-NO", "nn": "nn-NO", "en": "en-GB"}
# Words of another language: whole, small letters.
FOREIGN = {
    "nb": r"ikkje|ein|frå|eit|dei|the|not|answers?",
    "nn": r"ikke|en|fra|et|hva|hvor|noe|the|not|answers?",
    "en": r"og|ikke|av|for få|til|er|som|på|svar|utsagn|frå|fra",
}


def every_label(node, path=""):
    """(key, {language: text}) of labels.yaml."""
    if isinstance(node, dict) and not {"nb", "nn", "en"} & set(node):
        for key, below in node.items():
            yield from every_label(below, f"{path}.{key}" if path else str(key))
    else:
        yield path, node


def strings(node):
    if isinstance(node, dict):
        for key, below in node.items():
            yield from strings(below)
    elif isinstance(node, list):
        for below in node:
            yield from strings(below)
    elif isinstance(node, str):
        yield node


def halves(text):
    """A text, what stands before and after a «men» in it, and each without its last full stop."""
    for part in [text, *re.split(r",?\s+men\s+", text)]:
        yield from (part, part.rstrip(". "), part[:1].upper() + part[1:])


def others_words():
    """What is not the program's own: respondents' texts and names, the framework's labels, the project's title. Longest
    first, so that none is cut in two by a shorter."""
    with open(SAMPLE / "svar.csv", encoding="utf-8-sig") as file:
        said = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    framework = yaml.safe_load((ROOT / "schemas/frameworks/virksomhet.yaml").read_text())
    project = yaml.safe_load((SAMPLE / "project.yaml").read_text())
    known = {half for text in said for half in halves(text)} | set(strings(framework)) | {project["title"]}
    texts = {unicodedata.normalize("NFC", " ".join(text.split())) for text in known}
    texts |= {text[:at] + " …" for text in texts for at in range(20, len(text)) if text[at] == " "}  # cut between words
    return sorted((t for t in texts if len(t) > 3), key=lambda t: (-len(t), t))


def texts_of(package):
    """(part, text) of everything people read or hear."""
    for name in package.namelist():
        if not name.endswith(".xml"):
            continue
        for node in ElementTree.fromstring(package.read(name)).iter():
            tag = node.tag.rpartition("}")[2]
            if tag in ("si", "oddFooter", "title", "subject"):
                yield name, "".join(node.itertext())
            elif tag == "v" and "/charts/" in name:
                yield name, node.text or ""
            elif tag in ("cNvPr", "tableColumn"):
                yield from ((name, node.get(key, "")) for key in ("descr", "name"))


def make(folder, language):
    command = [str(PROGRAM), "analyze", "-C", folder, "--language", language, "-o", f"{folder}/{language}.xlsx"]
    done = subprocess.run(command, capture_output=True, text=True)
    return zipfile.ZipFile(f"{folder}/{language}.xlsx") if done.returncode == 0 else None, done.stderr


def faults_of(package, language, keys, others, sources):
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    names = " ".join(node.get("name") for node in book.iter() if node.tag.endswith("}sheet"))
    if names != SHEETS[language]:
        yield f"sheets: {names}"
    if f"<dc:language>{DOCUMENT_LANGUAGE[language]}<" not in package.read("docProps/core.xml").decode():
        yield "the document's language is another"
    foreign = re.compile(rf"(?<![\w-])({FOREIGN[language]})(?![\w-])")
    seen = 0
    for part, text in texts_of(package):
        seen += 1
        if text in sources:
            continue
        own = " ".join(unicodedata.normalize("NFC", text).split())
        for other in others:
            own = own.replace(other, " ")
        if re.search(r"\{\w*\}|\{|\}", own):
            yield f"{part}: a place left unfilled: {text}"
        # Methods have names of the same form, told as such.
        if keys & set(re.findall(r"(?<!method: )(?<!metode: )(?<![\w.-])[\w-]+(?:\.[\w-]+)+", own)):
            yield f"{part}: a key instead of its text: {text}"
        if foreign.search(own):
            yield f"{part}: «{foreign.search(own).group()}»: {text}"
    if seen < 400:
        yield f"only {seen} texts were found"


def main():
    labels = dict(every_label(yaml.safe_load((ROOT / "schemas/labels.yaml").read_text())))
    others = others_words()
    sources = set(yaml.safe_load((SAMPLE / "project.yaml").read_text())["sources"])
    failed = 0
    os.environ["INNSIKT_SAMPLE_KEY"] = "everybody in the sample is invented"
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
        subprocess.run([str(PROGRAM), "collect", "-q", "-C", folder], check=True)
        for language in SHEETS:
            package, said = make(folder, language)
            faults = ["analyze failed: " + said] if not package else list(
                faults_of(package, language, set(labels), others, sources))
            if package and re.search(r"label|words", said):
                faults.append("stderr: " + said)
            for fault in faults:
                print(f"{language}: {fault}")
            failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
