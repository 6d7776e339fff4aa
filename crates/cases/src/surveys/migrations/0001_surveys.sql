CREATE TABLE survey (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    title TEXT NOT NULL,
    intro TEXT NOT NULL,
    questions TEXT NOT NULL,
    segments TEXT NOT NULL,
    anonymous BIGINT NOT NULL,
    state TEXT NOT NULL,
    closes_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    invited BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    by_link BIGINT NOT NULL,
    too_few BIGINT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX survey_of ON survey (organisation, id);

-- Of named surveys only.
CREATE TABLE survey_invited (
    survey TEXT NOT NULL,
    email TEXT NOT NULL,
    organisation TEXT NOT NULL,
    answered_at BIGINT,
    PRIMARY KEY (survey, email)
) STRICT;

-- Answers of named surveys, and of anonymous ones once they are closed and shuffled.
CREATE TABLE survey_answer (
    survey TEXT NOT NULL,
    number BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    email TEXT,
    content TEXT NOT NULL,
    PRIMARY KEY (survey, number)
) STRICT;

-- Not part of the record. A ticket lets one person answer once (or anybody, where it is a common link).
CREATE TABLE survey_ticket (
    digest BYTEA NOT NULL PRIMARY KEY,
    survey TEXT NOT NULL,
    organisation TEXT NOT NULL,
    email TEXT,
    common BIGINT NOT NULL,
    used BIGINT NOT NULL
) STRICT, WITHOUT ROWID;

-- The common link of a survey, shown to those who pass it on.
CREATE TABLE survey_link (
    survey TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    token TEXT NOT NULL
) STRICT;

-- The box: answers without name, time or order. Its key is random.
CREATE TABLE survey_box (
    id TEXT NOT NULL PRIMARY KEY,
    survey TEXT NOT NULL,
    organisation TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_box_of ON survey_box (survey);

CREATE TABLE interview (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    who TEXT NOT NULL,
    position TEXT NOT NULL,
    reason TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    planned_at BIGINT NOT NULL,
    questions TEXT NOT NULL,
    state TEXT NOT NULL,
    held_at BIGINT,
    answers TEXT NOT NULL,
    themes TEXT NOT NULL,
    conclusion TEXT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX interview_of ON interview (organisation, planned_at, id);

CREATE TABLE interview_follow_up (
    interview TEXT NOT NULL,
    number BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    what TEXT NOT NULL,
    owner TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    closed_at BIGINT,
    outcome TEXT NOT NULL,
    PRIMARY KEY (interview, number)
) STRICT;
