## What a person reads who reports something

cases-kind-failure = Failure
cases-kind-failure-hint = Something did not work as it was promised.
cases-kind-incident = Incident
cases-kind-incident-hint = Something harmed, or could have harmed, security, availability or confidentiality.
cases-kind-concern = Concern
cases-kind-concern-hint = Something looks wrong and has not failed yet.
cases-kind-complaint = Complaint
cases-kind-complaint-hint = You are not satisfied with how something was done.
cases-state-new = New
cases-state-acknowledged = Acknowledged
cases-state-in-progress = In progress
cases-state-awaiting-reporter = Waits for the reporter
cases-state-awaiting-vendor = Waits for a vendor
cases-state-awaiting-internal = Waits for something inside
cases-state-resolved = Resolved
cases-state-closed = Closed
cases-state-withdrawn = Withdrawn
cases-number = Tracking number
cases-code = Return code
cases-code-hint = It was shown once, after the report was sent. Capital letters, spaces and hyphens do not matter.
cases-reported = Reported
cases-messages = Messages with the reporter
cases-report-question = What do you want to report to { $party }?
cases-report-answer = You need no account. What happened, in a few words and in full, is enough; the rest you may leave empty.
cases-report-follow = You have reported before? See where your report stands
cases-report-kind = What is it?
cases-report-title = In a few words
cases-report-description = What happened?
cases-report-occurred = When did it happen (UTC)? Optional
cases-report-occurred-hint = Date and time on the UTC clock; leave it empty if you do not know.
cases-report-occurred-wrong = Write date and time as 2026-03-09T16:30, on the UTC clock, or leave it empty.
cases-report-occurred-future = This lies in the future. When did it happen?
cases-report-contact = How can you be reached? Optional
cases-report-contact-hint = A name, a mail address or a telephone number. Leave it empty if you report anonymously; you can then still read answers here.
cases-report-kind-choose = Choose what you report.
cases-report-about = Whom does it concern? Optional
cases-report-about-hint = Names of people. Whoever is named here neither reads this report nor is asked about it.
cases-report-files = Files
cases-report-files-hint = Up to { $count } files of at most { $size } each. Programs and web pages are not taken. Pictures are passed on as a copy without place, time and device; the original stays sealed. From other files such traces cannot be taken out.
cases-report-files-again = Choose your files again: a form that comes back cannot keep them.
cases-report-privacy = Who may know that it was you?
cases-report-privacy-choose = Choose who may know that it was you.
cases-privacy-open = Whoever works on it
cases-privacy-open-hint = What you write is read by the people who work on it and may be read by the organisation’s auditor.
cases-privacy-confidential = Only those who open the report
cases-privacy-confidential-hint = What you write is locked. Only people entrusted with confidential reports can open it, each opening is recorded, and the auditor cannot.
cases-privacy-anonymous = Nobody: I stay anonymous
cases-privacy-anonymous-hint = Locked as well. No name, address, device or exact time is kept. Do not write anything that shows who you are.
cases-report-contact-anonymous = You chose to stay anonymous, so nothing about you is kept. Empty this field, or choose above to be known.
cases-report-again = A report was already recorded from this form. If you send again, what you see here is recorded as another report.
cases-draft-keep = Keep what I type on this device until I send it
cases-draft-keep-hint = Tick this only on a device that is yours alone. Without it, your draft lives as long as this tab.
cases-draft-restored = What you had typed before is here again.
cases-file-refused = Not every file was taken. Your report is recorded all the same
cases-file-runs = { $name }: programs, scripts and web pages are not taken. Send a picture, a PDF or a text instead.
cases-file-large = { $name }: this is larger than { $size }. Send it in parts.
cases-file-many = { $name }: these were too many files at once. Add it on the page of your report.
cases-file-taken = { $count ->
    [one] One file was taken and sealed.
   *[other] { $count } files were taken and sealed.
}
cases-file-unstripped = { $count ->
    [one] From one of them, traces such as its author or the time of its making could not be taken out.
   *[other] From { $count } of them, traces such as their author or the time of their making could not be taken out.
}
cases-report-code-title = You will receive a return code
cases-report-code-before = After sending, this page shows a tracking number and a return code. The return code is shown once and cannot be recovered, by you or by anybody: with it alone you can come back to your report. Have something ready to write it down.
cases-report-send = Send the report
cases-filed-title = Your report is recorded
cases-filed-answer = { $party } has it. Write down both lines before you leave this page.
cases-filed-once-title = The return code is shown once
cases-filed-once = It cannot be recovered, by you or by anybody. Without it nobody can come back to this report in your name.
cases-filed-next = What happens next
cases-filed-open = People who handle cases can read it now.
cases-filed-confidential = What you wrote is locked. Whoever opens it is recorded.
cases-filed-anonymous = What you wrote is locked, and nothing shows that it came from you. Whoever opens it is recorded.
cases-filed-next-text = Somebody who handles cases reads your report and decides how severe it is. Questions and answers for you appear on the page that the tracking number and the return code open.
cases-filed-proof = Your proof
cases-filed-proof-text = The receipt shows that this report was recorded, and when. Anybody with the public key of the log can check it without asking us.
cases-filed-receipt = Show the receipt
cases-filed-download = Download the receipt
cases-verify-link = Verify a receipt
cases-verify-question = Does this receipt hold?
cases-verify-answer = Your browser checks it by itself; the receipt is sent nowhere.
cases-verify-no-script = This page needs script, because your own browser does the checking. Without it, use the command “tickmark verify” on any computer.
cases-verify-file = The receipt as a file
cases-verify-text = Or its text
cases-verify-key = The log’s public key, if you have it from elsewhere
cases-verify-key-hint = Without it, the key that the receipt itself names is used.
cases-verify-do = Verify
cases-verify-empty = Choose a receipt or paste its text first.
cases-verify-unable = This browser cannot check Ed25519 signatures, or this page was not opened over a secure connection. Use a current browser, or the command “tickmark verify”.
cases-verify-good = Verified. Nothing in this receipt was altered.
cases-verify-logged = The log holds the entry: the proof leads to a state of the log that was signed by the same key.
cases-verify-promised = The log has signed the entry; its place in the log was still to come when the receipt was made.
cases-verify-as-stated = The key is the one that the receipt itself names. Compare it with one that you got elsewhere.
cases-verify-bad-key = Not verified: the receipt names a key that is none.
cases-verify-other-key = Not verified: the receipt names another key than yours.
cases-verify-malformed = Not verified: the receipt is incomplete or was changed.
cases-verify-bad-signature = Not verified: the signature does not fit. The receipt was changed, or was not made by this log.
cases-verify-bad-proof = Not verified: the proof does not lead from the entry to the signed state of the log.
cases-verify-not-a-receipt = Not verified: this is not a receipt.
cases-verify-away = Without us
cases-verify-away-text = The same page as one file works without this site and without a network. Keep it with your receipt.
cases-verify-download = Download this page as one file
cases-follow-question = Where does your report stand?
cases-follow-answer = Type the tracking number and the return code that you received.
cases-follow-look = Show my report
cases-follow-unknown = No report has this tracking number with this return code. Check both and try again.
cases-follow-more = Do you want to add something?
cases-follow-text = What do you want to say?
cases-follow-say = Send
cases-follow-said = What you wrote is recorded with your report.
cases-follow-destroyed = What was written here was destroyed at the end of its retention. That the report was filed, when, and how it ended stays on record.
cases-follow-none = No message yet
cases-follow-none-text = Questions and answers for you will appear here.
cases-followed-question = Where does report { $number } stand?
cases-you = You
cases-they = The organisation
cases-told-new = Your report is recorded. Nobody has confirmed it yet.
cases-told-acknowledged = Somebody has read your report and confirmed it.
cases-told-in-progress = Your report was judged and is being worked on.
cases-told-awaiting-reporter = The organisation waits for an answer from you.
cases-told-awaiting-vendor = The work waits for another company.
cases-told-awaiting-internal = The work waits for something else inside the organisation.
cases-told-resolved = The work is done. If it is not, say so here.
cases-told-closed = The case is concluded.
cases-told-withdrawn = The report was taken back.
cases-promised-acknowledge = Somebody confirms it by
cases-promised-answer = You receive an answer by
cases-filed-held-title = Received, and held for a look
cases-filed-held = Many reports come in at this moment. Yours is kept; a person looks at it within a day and then it goes on like any other.

## A mail to the reporter

cases-update-subject = Your report { $number }
cases-update-text = { $text }

    You can answer this mail. Or use { $link } with the tracking number { $number } and the return code that you received when you reported.
cases-update-text-page = { $text }

    You can answer on the follow-up page, with the tracking number { $number } and the return code that was shown to you when you reported.
