//! Every mechanism of input and output, and no SOC 2 knowledge: database, journal, sequencer, blobs, jobs and outbox, HTTP shell, sessions, mail, words.
