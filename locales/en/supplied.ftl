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
