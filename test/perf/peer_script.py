# peer_script.py - the script somebody would write in an afternoon, with what Debian has for Python:
# json, unicodedata, re, langdetect, scikit-learn, sqlite3 with FTS5; one thread.
#
#   python3 peer_script.py [--language] DATABASE <posts.jsonl
#
# For each post: parsed, NFC, identifiers of people out, language (with --language: langdetect, which
# alone takes most of the time), near copies by shared word triples, story by the nearest of the last
# 5,000 posts (TF-IDF, cosine), row and full text kept, people and messages counted an hour and story;
# durable with each 1,000 (WAL, synchronous=FULL).  Written to be quick where that costs no thought:
# batches for scikit-learn, executemany, no pandas.  It keeps no secret of its people: whoever has the
# file has their names; it knows nothing of places, topics, words, rises or of what may be shown.
# Prints posts, near copies, stories and seconds.
import json
import re
import sqlite3
import sys
import time
import unicodedata
from collections import defaultdict, deque
from zlib import crc32

import numpy
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.neighbors import NearestNeighbors

BATCH = 1000
WINDOW = 5000
SAME_STORY = 0.5
SAME_TEXT = 0.7
PERSONAL = [
    re.compile(pattern)
    for pattern in (
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"(?<![\w@])@[A-Za-z0-9_.]{3,30}",
        r"(?:https?://)?(?:www\.|m\.)?(?:facebook\.com|fb\.com|zalo\.me|t\.me|tiktok\.com)/\S+",
        r"(?<!\d)(?:\+?84|0)[ .-]?(?:3\d|5[25689]|7[06-9]|8[1-9]|9\d)(?:[ .-]?\d){7}(?!\d)",
        r"(?<!\d)0\d{11}(?!\d)",
        r"(?<!\d)\d{9}(?!\d)",
        r"(?<!\d)\d{2}[A-Z]\d?[- ]?\d{3}\.?\d{2}(?!\d)",
        r"(?i)(?:stk|số tài khoản)\W{0,3}\d{6,19}",
    )
]
WORD = re.compile(r"\w+")
SCHEMA = """
PRAGMA journal_mode=WAL;
PRAGMA synchronous=FULL;
CREATE TABLE post (n INTEGER PRIMARY KEY, id TEXT UNIQUE, time TEXT, source TEXT, author TEXT,
                   language TEXT, copy INT, story INT, text TEXT);
CREATE VIRTUAL TABLE word USING fts5 (text, content='post', content_rowid='n');
CREATE TABLE hour (story INT, start TEXT, messages INT, people INT, PRIMARY KEY (story, start));
"""


def redact(text):
    for pattern in PERSONAL:
        text = pattern.sub("[*]", text)
    return text


def fold(text):
    """Lower case, without marks: what is compared."""
    bare = unicodedata.normalize("NFD", text.lower()).replace("đ", "d")
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


class Copies:
    """Posts of the window by the eight smallest hashes of their word triples."""

    def __init__(self):
        self.shingles = deque()
        self.having = defaultdict(set)
        self.texts = {}

    def add(self, n, words):
        own = {crc32(" ".join(words[i : i + 3]).encode()) for i in range(max(1, len(words) - 2))}
        least = sorted(own)[:8]
        candidates = set()
        for value in least:
            candidates |= self.having[value]
        copy = any(
            len(own & self.texts[other]) >= SAME_TEXT * len(own | self.texts[other])
            for other in candidates
        )
        for value in least:
            self.having[value].add(n)
        self.texts[n] = own
        self.shingles.append((n, least))
        if len(self.shingles) > 10 * WINDOW:
            gone, values = self.shingles.popleft()
            del self.texts[gone]
            for value in values:
                self.having[value].discard(gone)
        return copy


class Stories:
    """Each batch against the posts before it and its own: the nearest one's story, or a new one."""

    def __init__(self):
        self.vectorizer = HashingVectorizer(
            n_features=1 << 18, alternate_sign=False, norm=None, token_pattern=r"\w+"
        )
        self.frequencies = numpy.zeros(1 << 18)
        self.texts = 0
        self.window = None
        self.story_of = []
        self.stories = 0

    def weigh(self, folded):
        counts = self.vectorizer.transform(folded)
        self.frequencies += counts.getnnz(axis=0)
        self.texts += len(folded)
        weights = TfidfTransformer()
        weights.fit(counts[:1])
        weights.idf_ = numpy.log((self.texts + 1) / (self.frequencies + 1)) + 1
        return weights.transform(counts)

    def add(self, folded):
        vectors = self.weigh(folded)
        before = len(self.story_of)
        self.window = vectors if self.window is None else sparse.vstack([self.window, vectors])
        index = NearestNeighbors(n_neighbors=8, metric="cosine", algorithm="brute")
        index.fit(self.window)
        distances, neighbours = index.kneighbors(vectors, min(8, self.window.shape[0]))
        for row in range(len(folded)):
            story = None
            for distance, other in zip(distances[row], neighbours[row]):
                if other < before + row and distance <= 1 - SAME_STORY:
                    story = self.story_of[other]
                    break
            if story is None:
                self.stories += 1
                story = self.stories
            self.story_of.append(story)
        given = self.story_of[before:]
        self.window = self.window[-WINDOW:]
        self.story_of = self.story_of[-WINDOW:]
        return given


def detector():
    import langdetect

    langdetect.DetectorFactory.seed = 0

    def language(text):
        try:
            return langdetect.detect(text)
        except langdetect.LangDetectException:
            return ""

    return language


def store(database, batch, people):
    database.executemany("INSERT OR IGNORE INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", batch)
    database.executemany(
        "INSERT INTO word (rowid, text) VALUES (?, ?)", [(row[0], row[8]) for row in batch]
    )
    counts = []
    for n, _, when, _, author, _, _, story, _ in batch:
        hour = when[:13]
        people[story, hour].add(author or n)
        counts.append((story, hour, len(people[story, hour])))
    database.executemany(
        "INSERT INTO hour VALUES (?, ?, 1, ?) ON CONFLICT (story, start) "
        "DO UPDATE SET messages = messages + 1, people = excluded.people",
        counts,
    )
    database.commit()


def main():
    arguments = sys.argv[1:]
    language = detector() if "--language" in arguments else lambda text: ""
    database = sqlite3.connect(arguments[-1])
    database.executescript(SCHEMA)
    copies, stories, people = Copies(), Stories(), defaultdict(set)
    began, n, alike, batch, folded = time.monotonic(), 0, 0, [], []

    def finish():
        given = stories.add(folded)
        store(database, [row[:7] + (story,) + row[8:] for row, story in zip(batch, given)], people)
        batch.clear()
        folded.clear()

    for line in sys.stdin.buffer:
        post = json.loads(line)
        text = redact(unicodedata.normalize("NFC", post["text"]))
        bare = fold(text)
        n += 1
        copy = copies.add(n, WORD.findall(bare))
        alike += copy
        who = post.get("author_token")
        batch.append(
            (n, post["id"], post["time"], post["source"], who, language(text), copy, 0, text)
        )
        folded.append(bare)
        if len(batch) == BATCH:
            finish()
    if batch:
        finish()
    print(n, alike, stories.stories, "%.3f" % (time.monotonic() - began))


main()
