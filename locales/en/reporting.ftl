## The report, its description and its assertion

reporting-title = Reporting
reporting-question = What is missing before the report can be issued?
reporting-answer = { $count ->
    [0] Every report is issued.
    [one] One report is not issued yet.
   *[other] { $count } reports are not issued yet.
}
reporting-none = There is no engagement yet.
reporting-none-next = An engagement is opened in the scope.
reporting-checklist = { $engagement }: before the report is issued
reporting-engagement = Engagement
reporting-condition = What is needed
reporting-status = Status
reporting-missing = What is missing
reporting-met = Done
reporting-open = Open
reporting-condition-description = Complete description
reporting-condition-assertion = Signed assertion
reporting-condition-date = Date and place of signature
reporting-condition-letter = Representation letter
reporting-condition-opinion = Concluded opinion
reporting-condition-signature = File signed by the partner
reporting-condition-lint = Nothing to mend in the report
reporting-description = Description
reporting-assertion = Assertion
reporting-report = Report

## Description

reporting-description-question = Is the description of { $system } complete?
reporting-description-answer = { $count ->
    [0] It answers every description criterion.
    [one] One section is not complete.
   *[other] { $count } sections are not complete.
}
reporting-complete = Complete
reporting-incomplete = Not complete
reporting-not-applicable = Not part of a Type 1 report
reporting-wording = Wording
reporting-text = Text
reporting-text-hint = An empty line begins a new paragraph; lines that begin with a hyphen and a space are a list.
reporting-entries = Entries
reporting-entries-hint = One for each line: { $form }
reporting-save = Save this section
reporting-saved = Saved.

## Assertion

reporting-assertion-question = Has management signed its assertion?
reporting-assertion-signed = Yes.
reporting-assertion-unsigned = Not yet.
reporting-assertion-text = Text of the assertion
reporting-assertion-done = The assertion is signed.
reporting-sign = Sign the assertion
reporting-sign-heading = Sign
reporting-signer = Full name of the signer
reporting-position = Position
reporting-signed-on = Day of signature
reporting-proposed = The usual text
reporting-entry = Log entry

## Report

reporting-report-question = Can the report on { $system } be issued?
reporting-report-answer = { $count ->
    [0] Yes: everything that it needs is there.
    [one] Not yet: one thing is missing.
   *[other] Not yet: { $count } things are missing.
}
reporting-report-issued = It has been issued.
reporting-issued-at = Issued
reporting-digest = SHA-256 of the file
reporting-download = Download the report
reporting-download-draft = Download the draft
reporting-build = Build a draft
reporting-built = The draft is built.
reporting-issue = Sign and issue the report
reporting-issue-heading = Issue
reporting-issue-done = The report is issued.
reporting-findings = Remarks on the last build
reporting-findings-none = No remarks
reporting-findings-none-next = The last build has nothing to mend and nothing to consider.
reporting-weight = Weight
reporting-remark = Remark
reporting-place = Place in the data
reporting-mend = Mend
reporting-consider = Consider
reporting-terms = Terms of the report
reporting-terms-save = Save the terms
reporting-city = City of signature
reporting-state = State
reporting-report-date = Date of the report
reporting-licence = Licence
reporting-peer-review = Latest peer review
reporting-confidentiality = Line at the top of every page
reporting-spelling = Spelling
reporting-spelling-american = American
reporting-spelling-british = British
reporting-letter = Representation letter
reporting-letter-text = Text of the letter
reporting-letter-date = Date of the letter, which is that of the report
reporting-letter-given = Held against the list: what the letter represents
reporting-letter-given-hint = Tick what you read in the letter itself. The file cannot be signed while one is missing that this engagement asks for.
reporting-letter-reservations = What it gives otherwise or not at all, and what the firm does about that
reporting-letter-reservations-hint = Without its assertion, responsibility, disclosure or access no reason is enough: the partner states with the opinion that the letter was refused.
reporting-letter-save = Record the letter
