## Words of a case

cases-severity-critical = Critical
cases-severity-high = High
cases-severity-moderate = Moderate
cases-severity-low = Low
cases-severity-undecided = Not decided
cases-title = Title
cases-room = Cases
cases-kind = Kind
cases-severity = Severity
cases-state = State
cases-channel = Channel
cases-occurred = Happened
cases-acknowledged = Acknowledged
cases-resolved = Resolved
cases-closed = Closed
cases-owner = Answers for it
cases-contact = Contact
cases-language = Language of the reporter
cases-description = What was reported
cases-reporter = The reporter
cases-vendor = The vendor
cases-handlers = The case handlers
cases-us = The organisation

## The list

cases-question = Which cases need us?
cases-answer = { $count ->
    [0] No case is open.
    [one] One case is open.
   *[other] { $count } cases are open.
}
cases-any = Any
cases-filter = Filter
cases-search = Words, or a tracking number
cases-search-behind = { $count ->
   *[other] The last { $count } changes are still being indexed; their cases may be missing here.
}
cases-open = Open or concluded
cases-open-yes = Open
cases-open-no = Concluded
cases-overdue = Promises
cases-overdue-yes = Overdue
cases-owner-me = Me
cases-owner-nobody = Nobody yet
cases-tag = Tag
cases-tags = Tags
cases-from = Reported from
cases-to = Reported until
cases-choose = Choose { $number }
cases-all = All cases
cases-dashboard = Figures
cases-none = No case yet
cases-none-next = Reports appear here as soon as they are sent. Tell people the address of the reporting page.
cases-none-match = No case matches
cases-none-match-next = Change the filter, or look at all cases.

## One case

cases-one-answer = { $kind }, reported { $when }.
cases-next-triage = confirm the report and decide its severity.
cases-next-assign = decide who answers for the case.
cases-next-resolve = find the cause, mend it and record both.
cases-next-close = check the result and close the case.
cases-next-reporter = answer the question that was asked.
cases-next-vendor = do its part; ask if it is late.
cases-messages-none = No message yet
cases-messages-none-text = What is told to the reporter, and what the reporter adds, appears here.
cases-clocks-all = All promises, how their deadlines come about, and who was told
cases-history = What happened
cases-do-triage = Decide the severity
cases-do-triage-send = Record the decision
cases-do-triage-done = The decision is recorded.
cases-do-assign = Answer for it
cases-do-assign-send = Assign it to me
cases-do-assign-done = You answer for this case.
cases-do-resolve = Record that the work is done
cases-do-resolve-send = Mark as resolved
cases-do-resolve-done = The case is resolved.
cases-do-close = Conclude it
cases-do-close-send = Close the case
cases-do-close-done = The case is closed.
cases-do-tell = Tell the reporter
cases-do-tell-send = Send to the reporter
cases-do-tell-done = The reporter sees your message.
cases-do-note = Note something
cases-do-note-send = Add the note
cases-do-note-done = The note is recorded.
cases-do-severity = Change the severity
cases-do-severity-send = Record the new decision
cases-do-severity-done = The new decision is recorded; the first one stays on record.
cases-do-impact = State what was touched
cases-do-impact-send = Record what was touched
cases-do-impact-done = What was touched is recorded.
cases-do-fact = State when something happened
cases-do-fact-send = Record the time
cases-do-fact-done = The time is recorded.
cases-do-cause = State the root cause
cases-do-cause-send = Record the cause
cases-do-cause-done = The root cause is recorded.
cases-do-review = Record the review
cases-do-review-send = Record the review
cases-do-review-done = The review is recorded.
cases-do-correct = Correct an entry
cases-do-correct-send = Record the correction
cases-do-correct-done = The correction is recorded; both entries stay.
cases-do-reopen = Take it up again
cases-do-reopen-send = Work on it again
cases-do-reopen-done = The case is worked on again.
cases-incident = Did it stop, or could it have stopped, objectives being met?
cases-is-incident = Yes, an incident
cases-is-incident-hint = A commitment or a system requirement was missed, or could have been.
cases-is-event = No, an event
cases-is-event-hint = It was recorded and looked at, and no objective was at stake.
cases-reason = Why?
cases-root-cause = Why did it happen?
cases-measures = What was done about it?
cases-outcome = With which outcome?
cases-message = Message
cases-message-hint = The reporter reads this with number and code.
cases-note = Note
cases-note-hint = Read inside and by the service auditor; the reporter does not see it.
cases-event-report-filed = filed the report.
cases-event-triaged = decided the severity.
cases-event-assigned = took over the case.
cases-event-note-added = noted something.
cases-event-message-sent = sent a message.
cases-event-resolved = recorded that the work is done.
cases-event-closed = closed the case.
cases-event-change-imported = took over a row of another register.
cases-event-channel-stated = stated a channel.
cases-event-severity-changed = changed the decision.
cases-event-fact-stated = stated when something happened.
cases-event-impact-stated = stated what was touched.
cases-event-entry-corrected = corrected an earlier entry.
cases-event-cause-stated = stated the root cause.
cases-event-review-held = recorded the review.
cases-event-reopened = took the case up again.

## Figures

cases-dashboard-question = How many cases are there, and of which sort?
cases-dashboard-answer = { $all ->
    [0] There is no case yet.
    [one] One case was reported; open: { $open }.
   *[other] { $all } cases were reported; open: { $open }.
}
cases-figure-all = Reported
cases-figure-all-definition = Every case of the organisation, whether filed here or taken over from another register, whatever its state.
cases-figure-open = Open
cases-figure-open-definition = Cases that are neither closed nor withdrawn. A resolved case is open until it is closed.
cases-figure-new = Nobody has confirmed them yet
cases-figure-new-definition = Cases in the state “new”: no person has triaged, taken over or answered them.
cases-figure-undecided = Severity not decided
cases-figure-undecided-definition = Open cases whose severity nobody has decided.
cases-count-all = Reported
cases-count-open = Open
cases-month = Month
cases-channel-none = Not stated
cases-by-kind = By kind
cases-by-kind-definition = The kind is what the reporter chose, or what the mapping of the other register says. Open cases are neither closed nor withdrawn.
cases-by-channel = By channel
cases-by-channel-definition = The channel by which the report came, or the contact type in the other register; the largest first, at most 36.
cases-by-severity = By severity
cases-by-severity-definition = The severity decided last. “Not decided” is counted apart, not as low.
cases-by-month = By month
cases-by-month-definition = The month of the report on the UTC clock; the latest first, at most 36. Open means open now, not at the end of that month.
cases-hotline = File for a caller
cases-held = Held reports
cases-held-question = Which reports came in a flood and wait for a look?
cases-held-answer = { $count ->
    [0] None.
    [one] One, since { $since }. Look at it today.
   *[other] { $count }, the oldest since { $since }. Look at them today, rare titles first.
}
cases-held-waiting-text = { $count ->
    [one] One report came in a flood and waits for a look.
   *[other] { $count } reports came in a flood and wait for a look.
}
cases-held-look = Look at them, rare titles first
cases-held-none = No report is held.
cases-held-none-text = When many reports come in at once, those whose senders did no work for it are held here until a person has looked. None is refused or lost.
cases-held-title = Title
cases-held-n = Reports
cases-held-oldest = Oldest
cases-held-count = { $count ->
    [one] one report
   *[other] { $count } reports
}
cases-held-release = Let it in
cases-held-released = The report is a case now. What is promised about it counts from the day it came.
cases-held-discard = Judge all of one title to be junk
cases-held-discarded = { $count ->
    [one] One report was judged to be junk. It stays on record.
   *[other] { $count } reports were judged to be junk. They stay on record.
}
cases-held-reason = Why
cases-event-report-released = let the report in, which had been held in a flood.
cases-event-report-discarded = judged the report to be junk; it had come in a flood.
