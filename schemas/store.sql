-- The store, layout 1: what one innsikt.db holds. `schemas/store.h` says what it promises.
--
-- Times are microseconds since 1970 UTC, NULL when the source did not tell.
--
-- Answers are packed: `answers` is a JSON array with the answer to question n at place n.
--     "text"         what was answered, as the source gave it
--     6              no value, and why (table `missing`)
--     {"6":"text"}   a value that is kept but does not count, and why
--     null           this response has nothing about question n
--     [ … ]          the instances of a repeat, in order, each one of the above
-- `select * from answer` unpacks it.
--
-- Why packed, and why this table. `bench_store 100000` (tests/bench), 40 answers a response of which
-- four texts, commits of 500 synced to disk, two cores of an AMD EPYC, SQLite 3.40.1; microseconds
-- a response:
--     a row an answer     write 34   read 4.0   1155 bytes
--     packed as JSON      write 4.7  read 1.5    606 bytes
--     packed in binary    write 4.6  read 0.5    692 bytes
-- JSON writes seven times as fast as rows, and `sqlite3` can still read it; binary would save a
-- tenth of a second on 100,000 responses. With texts of up to 120 words, a table kept in the order
-- of its ids (WITHOUT ROWID) takes 1.6 times as long to write and twice the room, since SQLite
-- moves records of more than a quarter of a page to pages of their own; with 4 KB pages it is 2.5
-- times. Hence a table by row number, its ids in an index, and pages of 8 KB. Syncing at every
-- commit costs about a tenth more than syncing at checkpoints; without it a loss of power takes
-- back pages that a pull has told of (tests/schemas/test_store_kill.c).
--
-- What is not mapped is not stored, also when it was mapped before. When a pull under a changed
-- mapping has ended well, the answers to questions that no response brings any more are taken out
-- of every older version: of the history, and of responses the source no longer hands out. Those
-- versions keep their state, times and pseudonym.

-- Rows of response, history and form have numbers by their source (source << 32, and 1, 2, 3 … in
-- the order in which they came), so that sources pulled side by side leave the same store whoever
-- came first.

-- The sources of the project, numbered so that a response need not repeat the name.
CREATE TABLE source (
    number  INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    form_id TEXT,
    mapping INTEGER REFERENCES mapping, -- of all its answers; NULL: of several, read all anew
    cursor  TEXT                        -- the collector's own; moves with the page behind it
) STRICT;

-- The mappings (project.yaml, questions:) that answers were kept under.
CREATE TABLE mapping (
    number INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source,
    digest TEXT NOT NULL,
    UNIQUE (source, digest)
) STRICT;

CREATE TABLE question (
    source  INTEGER NOT NULL REFERENCES source,
    number  INTEGER NOT NULL, -- its place in `answers`, from 0
    name    TEXT NOT NULL,    -- as the form system names it
    mapping INTEGER NOT NULL REFERENCES mapping, -- the last one that let it through
    PRIMARY KEY (source, number)
) STRICT, WITHOUT ROWID;

-- The log: one line a pull, brought up to date with every page.
CREATE TABLE pull (
    id         INTEGER PRIMARY KEY,
    source     INTEGER NOT NULL REFERENCES source,
    mapping    INTEGER NOT NULL REFERENCES mapping,
    form_id    TEXT NOT NULL,
    started    INTEGER NOT NULL,
    ended      INTEGER,          -- NULL while running, and for ever when killed
    outcome    INTEGER NOT NULL REFERENCES outcome,
    message    TEXT,
    pages      INTEGER NOT NULL DEFAULT 0,
    received   INTEGER NOT NULL DEFAULT 0,
    added      INTEGER NOT NULL DEFAULT 0,
    changed    INTEGER NOT NULL DEFAULT 0,
    same       INTEGER NOT NULL DEFAULT 0,
    set_aside  INTEGER NOT NULL DEFAULT 0,
    deleted    INTEGER NOT NULL DEFAULT 0,
    restored   INTEGER NOT NULL DEFAULT 0,
    unreadable INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The responses as they stand. A deleted one keeps its place; what it said is in the history.
CREATE TABLE response (
    number       INTEGER PRIMARY KEY,
    source       INTEGER NOT NULL REFERENCES source,
    width        INTEGER NOT NULL, -- digits in an id of digits only, else 2147483647: 9 < 10 < a
    id           TEXT NOT NULL,
    state        INTEGER NOT NULL REFERENCES state,
    submitted    INTEGER,
    updated      INTEGER,          -- at the source; of a deleted one: when it was missed
    zone_known   INTEGER NOT NULL, -- 0: local time at the source, read in the project's time zone
    language     TEXT,
    form_version TEXT,
    revision     TEXT,
    pseudonym    TEXT,
    pull         INTEGER NOT NULL REFERENCES pull,    -- that brought this version
    mapping      INTEGER NOT NULL REFERENCES mapping, -- it was last read under
    answers      TEXT NOT NULL,
    UNIQUE (source, width, id)
) STRICT;

-- Versions that were replaced, whole.
CREATE TABLE history (
    number       INTEGER PRIMARY KEY, -- later is larger
    response     INTEGER NOT NULL REFERENCES response ON DELETE CASCADE,
    replaced_by  INTEGER NOT NULL REFERENCES pull,
    state        INTEGER NOT NULL REFERENCES state,
    submitted    INTEGER,
    updated      INTEGER,
    zone_known   INTEGER NOT NULL,
    language     TEXT,
    form_version TEXT,
    revision     TEXT,
    pseudonym    TEXT,
    pull         INTEGER NOT NULL REFERENCES pull,
    mapping      INTEGER NOT NULL REFERENCES mapping,
    answers      TEXT NOT NULL
) STRICT;
CREATE INDEX history_response ON history (response);

-- Records that could not be read: which and why, never what they said. '' when it has no id.
CREATE TABLE set_aside (
    source INTEGER NOT NULL REFERENCES source,
    id     TEXT NOT NULL,
    reason TEXT NOT NULL,
    pull   INTEGER NOT NULL REFERENCES pull,
    PRIMARY KEY (source, id, reason)
) STRICT, WITHOUT ROWID;

-- Each form as it was found, a new line when it had changed.
CREATE TABLE form (
    number    INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL REFERENCES source,
    kept      INTEGER NOT NULL,
    digest    TEXT NOT NULL,
    id        TEXT NOT NULL,
    title     TEXT,
    language  TEXT,
    version   TEXT,
    questions TEXT NOT NULL -- JSON: [{"name","type","kind","text","choices":[[code, text]]}]
) STRICT;

-- Findings of the last analysis, in its order, and the ids that may never be given again.
CREATE TABLE finding (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    quadrant   TEXT NOT NULL,
    theme      TEXT NOT NULL,
    statements TEXT NOT NULL, -- JSON: [id, …]
    written    INTEGER NOT NULL
) STRICT;
CREATE TABLE finding_retired (
    id      TEXT PRIMARY KEY,
    retired INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who and what was erased, as a digest, so that the next pull does not bring it back.
-- The mark of the project's key (an HMAC of a constant): one row once anything was collected. Under another
-- key the same person would get a second pseudonym, and a tombstone would not be known again.
CREATE TABLE project_key (mark TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE tombstone (
    mark   TEXT PRIMARY KEY,
    erased INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Words for the numbers above (schemas/response.h, schemas/store.h).
CREATE TABLE missing (number INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;
INSERT INTO missing VALUES (1, 'not_shown'), (2, 'not_answered'), (3, 'not_in_version'),
    (4, 'dont_know'), (5, 'not_applicable'), (6, 'unreadable'), (7, 'unknown');
CREATE TABLE state (number INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;
INSERT INTO state VALUES (0, 'complete'), (1, 'partial'), (2, 'screened_out'), (3, 'rejected'),
    (4, 'deleted');
CREATE TABLE outcome (number INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT;
INSERT INTO outcome VALUES (0, 'running'), (1, 'done'), (2, 'failed'), (3, 'stopped');

-- One line an answer, for whoever opens the store with sqlite3.
CREATE VIEW answer (source, response, question, instance, value, missing) AS
WITH slot (response, question, instance, type, value) AS (
    SELECT r.number, a.key, NULL, a.type, a.value
    FROM response r, json_each(r.answers) a
    WHERE a.type <> 'array'
    UNION ALL
    SELECT r.number, a.key, i.key, i.type, i.value
    FROM response r, json_each(r.answers) a,
         json_each(CASE a.type WHEN 'array' THEN a.value ELSE '[]' END) i
)
SELECT s.name, r.id, q.name, slot.instance,
       CASE slot.type WHEN 'text' THEN slot.value
                      WHEN 'object' THEN (SELECT value FROM json_each(slot.value)) END,
       (SELECT word FROM missing WHERE number = CASE slot.type
            WHEN 'integer' THEN slot.value
            WHEN 'object' THEN (SELECT CAST(key AS INTEGER) FROM json_each(slot.value)) END)
FROM slot
JOIN response r ON r.number = slot.response
JOIN source s ON s.number = r.source
JOIN question q ON q.source = r.source AND q.number = slot.question
WHERE slot.type <> 'null';
