"""Norwegian text by methods.md 3.11, 3.12 and 4.8: tokens, stems, likeness, near-duplicates, codebook and clusters. Stems
are libstemmer's own, called directly."""
import collections
import ctypes
import ctypes.util
import math
import re

import numpy as np

from .numbers import round12
from .reading import ROOT, nfc

TOKEN = re.compile("[a-zà-öø-ÿā-ž0-9]+(?:-[a-zà-öø-ÿā-ž0-9]+)*")
STOP = {line.strip() for line in (ROOT / "schemas/stopwords.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")}

_snowball = ctypes.CDLL(ctypes.util.find_library("stemmer") or "libstemmer.so.0d")
_snowball.sb_stemmer_new.restype = _snowball.sb_stemmer_stem.restype = ctypes.c_void_p
_snowball.sb_stemmer_stem.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
_snowball.sb_stemmer_length.argtypes = [ctypes.c_void_p]
_norwegian = _snowball.sb_stemmer_new(b"norwegian", b"UTF_8")


def stem(word):
    raw = word.encode()
    at = _snowball.sb_stemmer_stem(_norwegian, raw, len(raw))
    return ctypes.string_at(at, _snowball.sb_stemmer_length(_norwegian)).decode()


def tokens(text):
    lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in nfc(text))
    return TOKEN.findall(re.sub("[\u2010\u2011]", "-", lower.replace("\u00ad", "")))


def content(text):
    return [t for t in tokens(text) if t not in STOP]


# --- likeness ----------------------------------------------------------------------------------------------------

def tfidf(documents):
    n, terms = len(documents), sorted({t for d in documents for t in d})
    number = {t: i for i, t in enumerate(terms)}
    x = np.zeros((n, max(1, len(terms))))
    for i, document in enumerate(documents):
        for term, count in collections.Counter(document).items():
            x[i, number[term]] = count
    df = (x > 0).sum(axis=0)
    x *= np.log((1 + n) / (1 + df)) + 1
    length = np.linalg.norm(x, axis=1, keepdims=True)
    return np.divide(x, length, out=np.zeros_like(x), where=length > 0)


def grams4(words):
    padded = [f"_{w}_" for w in words]
    return [p[i:i + 4] for p in padded for i in range(max(1, len(p) - 3))]


def likeness(texts):
    """½ cosine of stems + ½ cosine of 4-grams, n × n."""
    words = [content(t) for t in texts]
    stems, grams = tfidf([[stem(w) for w in ws] for ws in words]), tfidf([grams4(ws) for ws in words])
    return np.minimum(1, (stems @ stems.T + grams @ grams.T) / 2)


def nearest(row, among, least):
    """The most alike of `among`, first on ties, or None."""
    able = [j for j in among if round12(row[j]) >= least]
    return max(able, key=lambda j: (round12(row[j]), -j)) if able else None


def same_as(texts, least):
    """For each statement the first of those that say the same: a chain of Jaccard ≥ least on 5-grams."""
    def shingles(text):
        joined = " ".join(tokens(text))
        return {joined[i:i + 5] for i in range(max(1, len(joined) - 4))} if joined else set()
    sets, group = [shingles(t) for t in texts], list(range(len(texts)))
    for i, a in enumerate(sets):
        for j in range(i):
            if a and sets[j] and group[i] != group[j] and len(a & sets[j]) / len(a | sets[j]) >= least - 1e-12:
                low, high = sorted((group[i], group[j]))
                group = [low if g == high else g for g in group]
    return group


# --- groups ------------------------------------------------------------------------------------------------------

def clusters(distance, cut):
    """Average linkage; ties to the smallest ids (leaves, then merges). Lists of members, by first member."""
    alive = {i: [i] for i in range(len(distance))}
    d = {(i, j): distance[i][j] for i in alive for j in alive if i < j}
    new = len(distance)
    while d:
        (a, b), height = min(d.items(), key=lambda entry: (round12(entry[1]), entry[0]))
        if round12(height) > cut:
            break
        for o in list(alive):
            if o not in (a, b):
                ways = [(d.pop((min(o, x), max(o, x))), len(alive[x])) for x in (a, b)]
                d[o, new] = sum(h * s for h, s in ways) / sum(s for _, s in ways)
        del d[a, b]
        alive[new] = sorted(alive.pop(a) + alive.pop(b))
        new += 1
    return sorted(alive.values())


def medoid(members, like):
    sums = [round12(math.fsum(1 - like[a, b] for b in members if b != a)) for a in members]
    return members[sums.index(min(sums))]


class Codebook:
    """Code → patterns: abc, abc*, *abc, *abc*, and several of them for tokens in a row."""

    def __init__(self, themes):
        self.codes = [(t.id, [[self.word(w) for w in p.split()] for p in t.patterns]) for t in themes]

    @staticmethod
    def word(pattern):
        core = " ".join(tokens(pattern))
        return re.compile(("" if not pattern.startswith("*") else ".*") + re.escape(core) +
                          ("" if not pattern.endswith("*") else ".*"))

    def apply(self, text):
        words = tokens(text)
        return [code for code, patterns in self.codes if any(self.meets(p, words) for p in patterns)]

    @staticmethod
    def meets(pattern, words):
        return any(all(p.fullmatch(w) for p, w in zip(pattern, words[at:]))
                   for at in range(len(words) - len(pattern) + 1))
