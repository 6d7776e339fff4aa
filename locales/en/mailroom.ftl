## Mail to reporters

mailroom-untitled = Report by mail without a subject
mailroom-unreadable-text = The message { $id } could not be read. It is kept as it came.
mailroom-ack-subject = We have received your report { $number }
mailroom-ack-text = Thank you for your report. A person will read it and answer.

    Tracking number: { $number }
    Return code: { $code }

    Keep both. They lead back to your report without this mail account:
    { $link }
    The return code cannot be recovered when it is lost.

    You can also answer this mail to add something. The address for answers belongs to this report alone; do not pass it on.

## What came in

mailroom-title = Mail
mailroom-question = What came in by mail, and what was made of it?
mailroom-answer = { $count ->
    [0] No message waits for a decision.
    [one] One message is set aside and waits for a decision.
   *[other] { $count } messages are set aside and wait for a decision.
}
mailroom-none = No message is set aside
mailroom-none-next = Messages that cannot be sorted without a person appear here. All others are in the full list.
mailroom-none-all = No mail has come in
mailroom-none-all-next = Hand mail over with “tickmark intake email”, or let the mailbox be visited: [intake.imap] in the configuration file.
mailroom-show-undecided = Set aside
mailroom-show-all = All
mailroom-accepted = Accepted
mailroom-sender = Sender
mailroom-subject = Subject
mailroom-outcome = Made of it
mailroom-reason = Why
mailroom-authenticity = Sender verified
mailroom-authenticity-none = Not stated
mailroom-case = Case
mailroom-bytes = Length
mailroom-digest = Digest (SHA-256)
mailroom-via = Came by
mailroom-via-stdin = The mail server at this machine
mailroom-via-imap = The mailbox
mailroom-files = Files in it
mailroom-message-id = Message-ID
mailroom-decided = Decided
mailroom-outcome-waiting = Not sorted yet
mailroom-outcome-case = New case
mailroom-outcome-reply = Words of a reporter
mailroom-outcome-quarantine = Set aside
mailroom-outcome-loop = Loop
mailroom-outcome-bounce = Delivery report
mailroom-reason-none = –
mailroom-reason-forged = The sender’s domain says that it did not send this (DMARC).
mailroom-reason-token = It is addressed to an address for answers that was never given.
mailroom-reason-rate = More than ten new reports of this sender within an hour.
mailroom-reason-empty = There is nothing in it to read.
mailroom-reason-unreadable = It is not a mail, or too long to be read.
mailroom-reason-automatic = A program wrote it by itself.
mailroom-reason-bulk = It came in bulk or by a mailing list.
mailroom-reason-ours = It is a mail of ours that came back.
mailroom-one-answer = { $outcome }, accepted { $when }.
mailroom-words = What it says
mailroom-words-none = Nothing in it can be read as text.
mailroom-words-note = Shown as text. Nothing in it was opened, and no picture was fetched.
mailroom-raw = The message as it came
mailroom-do-release = It is a report
mailroom-do-release-send = Make a case of it
mailroom-do-release-done = The message is a case now.
mailroom-do-dismiss = It is no report
mailroom-do-dismiss-send = Dismiss it
mailroom-do-dismiss-done = The message is dismissed. It stays kept and on record.
mailroom-why = Why
mailroom-log = History
mailroom-event-accepted = accepted the message
mailroom-event-sorted = sorted it: { $outcome }
mailroom-event-released = made a case of it
mailroom-event-dismissed = dismissed it
