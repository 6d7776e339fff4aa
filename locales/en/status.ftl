## The public status page, its mail and its feed

status-question = Does everything at { $party } work?
status-answer-operational = Yes. Everything works, as of { $when }.
status-answer-maintenance = Yes, apart from planned work that is under way, as of { $when }.
status-answer-degraded = Mostly. Something is slow or not wholly right, as of { $when }.
status-answer-partial = Not everything. Something fails for some of you, as of { $when }.
status-answer-major = No. Something fails for everybody, as of { $when }.
status-component = Part
status-components = Parts of the system
status-state = State
status-none = No part is listed yet
status-none-text = What is published about the system appears below.
status-incidents = What does not work
status-maintenance = Planned work
status-began = Began
status-ended = Ended
status-from = From
status-until = Until
status-affects = Affects
status-what = What
status-kind = Kind
status-kind-incident = Incident
status-kind-maintenance = Planned work
status-lasted = Lasted
status-impact-operational = Works
status-impact-maintenance = Being worked on
status-impact-degraded = Slow or not wholly right
status-impact-partial = Fails in part
status-impact-major = Fails
status-state-investigating = The cause is being looked for
status-state-identified = The cause is known
status-state-monitoring = Mended, and being watched
status-state-resolved = Over
status-state-scheduled = Planned
status-state-in-progress = Under way
status-state-completed = Done
status-state-cancelled = Does not take place
status-said = What was said
status-corrects = This corrects what was said on { $when }.
status-corrected = This was wrong. See the correction of { $when }.
status-correction = Correction.
status-follow = Be told
status-follow-question = Be told what happens at { $party }
status-follow-text = You get a mail when something is published here. You confirm it from your mailbox first, and every mail has a link to leave. When you leave, your address is forgotten.
status-follow-email = Your e-mail address
status-follow-hint = Used for nothing else.
status-follow-send = Send me a mail to confirm
status-asked = Look into your mailbox
status-asked-text = If the address can be written to, a mail is on its way. Press the link in it to confirm.
status-confirm-question = Do you want to be told by { $party }?
status-confirm-text = Press the button to confirm your address.
status-confirm-send = Yes, tell me
status-confirmed = You will be told
status-confirmed-text = From now on you get a mail whenever something is published.
status-leave-question = Do you want no more mail from { $party }?
status-leave-text = Press the button. Your address is then forgotten.
status-leave-send = No more mail
status-left = You get no more mail
status-left-text = Your address was forgotten.
status-link-over = This link no longer works
status-link-over-text = It was used already, or it has run out. You can ask for a new mail below.
status-feed = Atom feed
status-feed-title = Status of { $party }
status-history = What was published before
status-history-question = What has happened at { $party }?
status-history-answer = { $count ->
    [0] Nothing was published.
    [one] One notice is listed here.
   *[other] { $count } notices are listed here, newest first.
}
status-history-none = Nothing was published yet
status-history-none-text = Incidents and planned work appear here and stay.
status-older = Older
status-now = The status now
status-report = Report something that does not work
status-one-answer = { $party }: { $state }. Last word: { $when }.
status-mail-confirm-subject = Confirm: do you want to be told by { $party }?
status-mail-confirm-text = Somebody asked { $party } to tell this address when something is published on its status page.
    
    If it was you, open this page and press the button. The link works for { $days } days:
    { $link }
    
    If it was not you, do nothing. The address is then forgotten.
status-mail-subject = { $party }: { $title } ({ $state })
status-mail-foot = Read it on the page: { $link }
status-mail-leave = No more mail: { $link }
