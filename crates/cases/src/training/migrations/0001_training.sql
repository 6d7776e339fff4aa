CREATE TABLE training_course (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    title TEXT NOT NULL,
    rule TEXT NOT NULL,
    retired BIGINT NOT NULL,
    since BIGINT NOT NULL,
    material BIGINT NOT NULL,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX training_course_of ON training_course (organisation, id);

CREATE TABLE training_material (
    course TEXT NOT NULL,
    number BIGINT NOT NULL,
    organisation TEXT NOT NULL,
    content TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (course, number)
) STRICT;

CREATE TABLE training_assignment (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    course TEXT NOT NULL,
    person TEXT NOT NULL,
    reason TEXT NOT NULL,
    assigned_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    reminded BIGINT,
    completed_at BIGINT,
    material BIGINT,
    right_answers BIGINT,
    questions BIGINT,
    completed_event TEXT,
    released_at BIGINT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX training_assignment_course ON training_assignment (organisation, course, person);
CREATE INDEX training_assignment_person ON training_assignment (organisation, person, due_at);

-- Practice reports. Nothing here is a case, and no figure counts them.
CREATE TABLE training_practice (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    person TEXT NOT NULL,
    scenario TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    occurred TEXT NOT NULL,
    filed_at BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    finished_at BIGINT,
    version BIGINT NOT NULL
) STRICT;
CREATE INDEX training_practice_person ON training_practice (organisation, person, id);

CREATE TABLE training_text (
    id TEXT NOT NULL PRIMARY KEY,
    organisation TEXT NOT NULL,
    subject TEXT NOT NULL,
    number BIGINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    who TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    put_at BIGINT NOT NULL,
    UNIQUE (organisation, subject, number)
) STRICT;

CREATE TABLE training_acknowledgement (
    text TEXT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (text, person)
) STRICT;

CREATE TABLE training_coverage (
    organisation TEXT NOT NULL,
    course TEXT NOT NULL,
    month TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    applies BIGINT NOT NULL,
    done BIGINT NOT NULL,
    within BIGINT NOT NULL,
    late BIGINT NOT NULL,
    PRIMARY KEY (organisation, course, month)
) STRICT;
