## Completion of a file: what is missing, procedures, signatures, lock, what is carried on

completion-title = What is missing before the report can be dated?
completion-answer = { $count ->
    [0] Nothing is missing. The report is dated { $date }.
    [one] One thing is missing. The report is dated { $date }.
   *[other] { $count } things are missing. The report is dated { $date }.
}
completion-no-date = on no day yet
completion-checklist = Before the report is dated
completion-what = What
completion-missing = What is missing
completion-nothing-missing = Nothing is missing
completion-nothing-missing-signed = All three have signed the file.
completion-nothing-missing-locked = All three have signed the file, and it is locked.
completion-nothing-missing-next = The file can be signed: as prepared, by the quality reviewer, by the partner.
completion-missing-conclusions = Conclusions
completion-missing-signatures = Second signatures
completion-reminders = To think of before signing
completion-reminder = What stops no signature
completion-missing-letter = Letter on deficiencies
completion-missing-planning = Plan
completion-missing-sizes = Sizes of samples
completion-missing-commitments = Commitments
completion-missing-inquiries = Inquiries
completion-missing-review = Review
completion-missing-rows = Rows to judge
completion-missing-populations = Populations
completion-missing-requests = Requests
completion-missing-statements = Statements of the organisation
completion-missing-representations = Management's documents
completion-missing-subsequent-events = Subsequent events
completion-missing-roll-forward = Roll-forward
completion-missing-date = Dates
completion-procedures = Procedures after the period's end
completion-no-procedures = No procedure has been recorded yet
completion-no-procedures-next = Ask management about subsequent events, read minutes and logs up to the report's date, and record what came of it.
completion-record = Record a procedure
completion-kind = Procedure
completion-kind-inquiry = Inquiry of management
completion-kind-minutes = Minutes read
completion-kind-incidents = Incident log read
completion-kind-changes = Change log read
completion-kind-reports = Reports of others read
completion-kind-other-information = Other information read
completion-kind-roll-forward = Roll-forward of a control
completion-control = Control (for a roll-forward)
completion-no-control = None
completion-interim = tested before the period's end
completion-performed-on = Performed on
completion-covers-to = Looked up to
completion-covers-to-hint = The last day that was covered: for the inquiry the report's date itself, for the rest within a week of it.
completion-source = Whom or what
completion-source-hint = Name and role of whom was asked, or what was read.
completion-result = What came of it
completion-event = A subsequent event
completion-event-none = None was found
completion-event-within = Of conditions within the period
completion-event-after = Of conditions after the period
completion-matter = What was found
completion-effect = What follows for the report
completion-performed-by = Performed by
completion-reviewed-by = Reviewed by
completion-not-reviewed = Not reviewed
completion-review = Review
completion-reviewed = The procedure is reviewed.
completion-recorded = The procedure is recorded.
completion-together = Conclude on criteria together
completion-together-what = { $count ->
    [one] One criterion is left of which every control was concluded on as effective, without a deviation: { $criteria }. Your signature concludes that it is met.
   *[other] { $count } criteria are left of which every control was concluded on as effective, without a deviation: { $criteria }. Your signature concludes that each of them is met.
  }
completion-together-reason = Why they are met
completion-together-done = The criteria are concluded on as met.
completion-together-none = No criterion is left of which every control is effective without a deviation. Conclude on the others one by one.
completion-representations = Letter of representations
completion-letter-received = Received, signed by { $signer }, dated { $date }
completion-letter-none = Not received yet
completion-signatures = Signatures on the file
completion-step-prepared = Prepared
completion-step-quality = Quality review
completion-step-partner = Engagement partner
completion-not-signed = Not signed
completion-signed-at = Signed at
completion-signed = The file is signed.
completion-report-date = Report dated
completion-statement = Statement
completion-statement-prepared = The work on this file is complete and supports the conclusions in it.
completion-statement-quality = I took no part in the work, read the significant judgements and the conclusions on them, and know of nothing that is not resolved.
completion-statement-partner = I have reviewed the file. The evidence in it is sufficient and appropriate for the opinion.
completion-sign-prepared = Sign as prepared
completion-sign-quality = Sign the quality review
completion-sign-partner = Sign as engagement partner
completion-standing = Standing
completion-stands = Stands
completion-void = Void: the file changed after it was signed
completion-digest = Digest of what it binds

## The file after the report

completion-file-title = Is the file locked?
completion-file-open = The file is not locked. It can be assembled until { $due }.
completion-file-undated = The file is not locked, and no report has been dated yet.
completion-file-locked = The file was locked on { $date } and is kept until { $keep }.
completion-locked-by = Locked by
completion-locked-at = Locked at
completion-due = To be assembled by
completion-keep-until = Kept until
completion-late-reason = Why it was locked late
completion-late-reason-hint = Only when the last day for it has passed.
completion-lock = Lock the file
completion-lock-what = From then on nothing in the file changes. What has to be added is added beside it, with its reason.
completion-lock-needs = A file is locked after the partner has signed it and the report is issued.
completion-years = Years to keep it
completion-years-hint = Five at least, from the report's date.
completion-locked-done = The file is locked.
completion-addenda = Added after the lock
completion-no-addenda = Nothing was added after the lock
completion-no-addenda-next = What was there when the file was locked is all there is.
completion-add = Add to the locked file
completion-about = What it belongs to
completion-about-hint = The code of a control, the name of a document.
completion-text = What is added
completion-reason = Why it is added now
completion-added-by = Added by
completion-added-at = Added at
completion-added = It is added beside what was there.
completion-package = The package
completion-package-next = The whole file as one package, which anybody can verify and re-perform without this server. On the machine of the deployment, with the address with which you sign in after --as:
completion-carried-title = From the file before
completion-carried-none = This file was not begun from an earlier one
completion-carried-none-next = Plans of tests and recipes of populations can be carried from the file of the period before. No conclusion, no result and no evidence is.
completion-carry = Begin from an earlier file
completion-carry-from = The file to begin from
completion-carried-done = The plans are carried. Nothing has been concluded.
completion-carried-recipe = Population
completion-carried-source = Where it came from
completion-carried-columns = Columns
completion-carried-file = Begun from
completion-carried-tests = Tests carried
completion-carried-size = { $count ->
    [one] one item planned now
   *[other] { $count } items planned now
}
completion-carried-sizes = { $now ->
    [one] one item planned now
   *[other] { $now } items planned now
}, { $then } then
completion-carried-recipes = How its populations were got
completion-carried-into = Files begun from this one
completion-carried-risk = Risk class raised
completion-carried-left = Left behind

## Deficiencies

completion-deficiencies-title = Which deficiencies and misstatements stand uncorrected?
completion-deficiencies-answer = { $count ->
    [0] None is recorded.
    [one] One is recorded.
   *[other] { $count } are recorded.
}
completion-deficiencies = Deficiencies and misstatements
completion-unadjusted = Unadjusted list
completion-found = What was found
completion-nature = Nature
completion-correction = Correction
completion-conclusion = Conclusion
completion-misstatement-dc = Description criterion
completion-misstatement-factual-error = Factual error
completion-misstatement-omission = Omission
completion-misstatement-distortion = Distortion
completion-misstatement-corrected = Management corrected it before the report is issued
completion-misstatement-pervasive = It distorts the description as a whole
completion-misstatement-why = Why this is stated now
completion-misstatement-save = State it
completion-misstatement-saved = It is stated. What rested on the earlier statement has to be concluded again.
completion-misstatement-cleared = Corrected before the issue
completion-misstatement-open = Not corrected
completion-letter = Letter to management
completion-letter-title = Deficiencies that the auditor communicates
completion-letter-answer = { $count ->
    [one] One deficiency is communicated.
   *[other] { $count } deficiencies are communicated.
}
completion-letter-none-yet = Nothing has been communicated to management
completion-letter-none-next = The letter is drafted from the recorded deviations; management sees it when it is released.
completion-addressee = To
completion-opening = Before the list
completion-closing = After the list
completion-letter-lines = Deficiencies, one on a line: control | what was found | what it means
completion-letter-write = Save the letter
completion-letter-release = Release to management
completion-letter-release-what = Management sees the letter from now on, and it can no longer change.
completion-letter-written = The letter is saved. Management does not see it yet.
completion-letter-released = The letter is released to management.
completion-letter-released-at = Released at
completion-letter-released-by = Released by
completion-letter-acknowledged-at = Acknowledged at
completion-letter-acknowledged-by = Acknowledged by
completion-letter-not-acknowledged = Not acknowledged yet
completion-letter-acknowledge = Acknowledge receipt
completion-letter-acknowledged = Receipt is acknowledged.
completion-effect-of = What it means

## How a control was tested

completion-tested-title = How { $code } was tested
completion-tested-answer = { $tests ->
    [0] No test is planned.
    [one] By one test, with { $deviations ->
        [0] no deviation
        [one] one deviation
       *[other] { $deviations } deviations
    }.
   *[other] By { $tests } tests, with { $deviations ->
        [0] no deviation
        [one] one deviation
       *[other] { $deviations } deviations
    }.
}
completion-tested-link = How this was tested, to print
completion-tested-statement = The control
completion-tested-plan = Plan
completion-tested-attributes = Attributes
completion-tested-population = Population
completion-tested-hash = Population hash
completion-tested-rows = Rows
completion-tested-checks = Completeness and accuracy
completion-tested-judged = Judged
completion-tested-selection = Selection
completion-tested-seed = Seed
completion-tested-seed-at = Seed drawn at
completion-tested-effective = Effective seed
completion-tested-method = Method
completion-tested-recipe = To select again: rank the keys of the frozen rows by SHA-256 of effective seed, byte 1F, key; take the first { $n }.
completion-tested-items = Items and results
completion-tested-item = Item
completion-tested-looked-at = Evidence behind the items
completion-tested-evidence = Evidence
completion-tested-source = Source
completion-tested-extracted = Extracted
completion-tested-digest = SHA-256
completion-tested-result = Result
completion-tested-no-evidence = No evidence
completion-tested-not-applicable = Not applicable
completion-tested-by = Tested by
completion-tested-review = Reviewed by
completion-tested-note = Note
completion-tested-run = Full-population run
completion-tested-procedure-digest = Digest of the test's text
completion-tested-counts = Counts
completion-tested-result-hash = Hash of the result
completion-tested-limit = Upper limit
completion-tested-deviations = Deviations
completion-tested-conclusion = Conclusion
completion-tested-proofs = Entries of the firm's log
completion-tested-proofs-next = Each entry stands in the firm's log; the package of the engagement holds the proof of each.
completion-tested-entry = Entry
completion-tested-risk = Risk class raised: { $reason }
