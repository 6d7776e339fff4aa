## Control totals

totals-title = Day by day
totals-question = Does what came in agree with what was made of it?
totals-answer = { $count ->
    [0] Yes: every difference is explained.
    [one] One difference waits for an explanation.
   *[other] { $count } differences wait for an explanation.
}
totals-none = No day has been counted
totals-none-next = The day before is counted every night. Count one now below.
totals-day = Day (UTC)
totals-book = Book
totals-book-mail = Mail
totals-book-messages = Messages of other systems
totals-book-numbers = Tracking numbers
totals-accepted = At the door
totals-parts = Where it ended
totals-outside = Counted outside
totals-difference = Difference
totals-agrees = Agrees
totals-differs = { $count } not accounted for
totals-outside-differs = Differs from outside
totals-part-case = { $count ->
    [one] one case
   *[other] { $count } cases
}
totals-part-canary = { $count ->
    [one] one canary
   *[other] { $count } canaries
}
totals-part-reply = { $count } words of reporters
totals-part-quarantine = { $count } set aside
totals-part-loop = { $count ->
    [one] one loop
   *[other] { $count } loops
}
totals-part-bounce = { $count ->
    [one] one delivery report
   *[other] { $count } delivery reports
}
totals-part-duplicate = { $count ->
    [one] one duplicate
   *[other] { $count } duplicates
}
totals-part-unread = { $count } unread
totals-part-refused = { $count } refused
totals-exceptions = Differences
totals-exceptions-none = There is no difference
totals-exceptions-none-text = A day that does not agree appears here, with somebody who must explain it.
totals-what = What differs
totals-against-ends = { $expected } at the door, { $found } accounted for
totals-against-outside = { $expected } at the door, { $found } counted outside
totals-state = State
totals-open = To be explained
totals-resolved = Explained
totals-owner = Must explain it
totals-resolution = Explanation
totals-resolution-hint = What happened, what became of the reports, what was mended.
totals-do-resolve = Explain it
totals-do-resolve-send = Record the explanation
totals-do-resolve-done = The explanation is on record.
totals-do-assign = Somebody else explains it
totals-do-assign-send = Hand it over
totals-do-assign-done = Somebody else explains it now.
totals-count-do = Count a day now
totals-count-send = Count it
totals-counted = { $count ->
    [0] The day is counted; there is no new difference.
    [one] The day is counted; there is one new difference.
   *[other] The day is counted; there are { $count } new differences.
}
totals-figure-do = Write down what was counted outside
totals-figure-send = Record and compare
totals-figure = How many
totals-source = Who counted
totals-source-hint = As somebody else would find it: mail server mx1, log of the day, lines “delivered”.
totals-how = How each book is counted
totals-how-text = Mail: entries of the log that say “accepted”, written before a message is read, against the messages by what was made of them; one that is not sorted yet is not accounted for.
    Messages of other systems: requests that arrived, counted before anything is decided, against cases, duplicates, unread and refused ones.
    Tracking numbers: entries of the log that say “report filed” against cases and canaries in the register.
    A day is one of UTC. Each count is an entry of the log itself.
