# What was frozen of the organisation's own records, on the organisation's side.

supplied-title = What was frozen of our records?
supplied-answer = { $count ->
    [0] Nothing has been frozen of what we supplied.
    [one] { $count } population was frozen of what we supplied; the firm works under the same hash.
   *[other] { $count } populations were frozen of what we supplied; the firm works under the same hashes.
}
supplied-table = Populations frozen of what we supplied
supplied-rows = Rows
supplied-covers = Covers, in its zone
supplied-engagement = Engagement
supplied-entry = Entry in our log: { $entry }
supplied-as-at = as at { $on }
supplied-from-organisation = A file that we gave
supplied-from-evidence = Our evidence
supplied-from-register = Our case register
supplied-none = Nothing has been frozen yet.
supplied-none-next = When the auditor freezes a list that we supplied, its hash is entered in our own log and stands here.
supplied-how = A population hash depends on the rows and on what their columns mean, and on nothing else. A list that is changed afterwards, by whoever, has another hash.
supplied-entry-label = Entry in our log
supplied-one-title = What was frozen of { $name }?
supplied-meaning = What the columns mean
supplied-meaning-how = The digest of the meaning is the SHA-256 of this text, every line ended by a line feed. It names the kind, the zone, the key and each column with its type; how a file writes them is not part of it.
supplied-meaning-none = This population was frozen before the text of what its columns mean was kept here. Ask the firm for it: its digest stands above.
supplied-again = Make both digests again
supplied-again-meaning = Save the text above as meaning.txt. Its SHA-256 is the digest of the meaning.
supplied-again-schema = Write a SCHEMA.toml with the same name, kind, zone, key, order, dated_by, speaks_for and columns, in the same order; give each column the heading that your file has for it.
supplied-again-freeze = Freeze the file that you gave, on a machine of your own: schema_sha256 and canonical_sha256 in the answer of --json are the two digests. If one differs, the firm works with other rows, or with another meaning, than you gave.
