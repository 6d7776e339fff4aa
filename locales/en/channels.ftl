## The register of reporting channels

channels-title = Channels
channels-question = By which ways can people report?
channels-answer = { $open ->
    [0] No channel is open.
    [one] One channel is open; { $wanting ->
        [0] nothing is wanting.
       *[other] something is wanting.
    }
   *[other] { $open } channels are open; { $wanting ->
        [0] nothing is wanting.
        [one] one of them wants something.
       *[other] { $wanting } of them want something.
    }
}
channels-tab-register = Register
channels-tab-mail = Mail
channels-tab-sources = Other systems
channels-tab-canaries = Canaries
channels-tab-totals = Control totals
channels-tab-public = Public page
channels-none = There is no channel yet
channels-none-next = Write down every way by which people can report to you: the page of this site, a mail address, a telephone number, a person.
channels-add = Add a channel
channels-added = The channel is in the register. Now write down where it is published, and try it.
channels-new-question = Which channel shall be added?
channels-new-answer = What you write here is shown to reporters, and makes the texts for agreements and intranets.
channels-name = Name
channels-name-hint = Short, as it stands on cases: portal, email, hotline. Two channels cannot share one.
channels-kind = Kind
channels-audience = For whom
channels-audience-internal = People inside
channels-audience-external = People outside
channels-audience-both = Everybody
channels-address = Where
channels-address-hint = The link, the mail address, the number, or the room.
channels-instructions = What a reporter is told
channels-instructions-hint = What to write or say, what happens next, what they receive.
channels-hours = Open
channels-hours-hint = In words, with the time zone: Monday to Friday, 8:00 to 18:00 Eastern time.
channels-languages = Languages
channels-languages-hint = Their tags with commas between them: en, de, pt-BR.
channels-anonymous = Nobody need say who they are
channels-anonymous-hint = Only where it is so in fact: a mail always tells its sender.
channels-owner = Answers for it
channels-nobody = Nobody
channels-published = Published in
channels-tried = Last tried
channels-state = State
channels-state-open = Open
channels-state-closed = Closed
channels-never = Never
channels-tried-well = { $date }, it worked
channels-tried-badly = { $date }, it failed
channels-lacks-owner = No owner
channels-lacks-publication = Not published
channels-lacks-never-tried = Never tried
channels-lacks-failed = Failed when tried
channels-lacks-long-ago = Not tried of late
channels-lacks-owner-text = Nobody answers for this channel. Say who does.
channels-lacks-publication-text = It is published nowhere, so nobody can know of it. Write down where it is.
channels-lacks-never-tried-text = It was never tried. Send a report through it and write down what came of it.
channels-lacks-failed-text = It failed when it was last tried. Mend it and try it again.
channels-lacks-long-ago-text = It was last tried more than a quarter ago. Try it again.
channels-lacking = What is wanting
channels-one-answer = { $count ->
    [0] It is open, published and tried.
    [one] It is open, and one thing is wanting.
   *[other] It is open, and { $count } things are wanting.
}
channels-one-closed = It is closed and shown to nobody.
channels-since = In the register since
channels-closed-because = Closed because
channels-yes = Yes
channels-no = No
channels-places = Where it is published
channels-places-none = It is published nowhere
channels-places-none-next = A channel that people do not know of is none. Write down the policy, the clause, the page or the training that names it.
channels-place = Kind of place
channels-place-policy = Policy
channels-place-agreement = Agreement
channels-place-page = Page or notice
channels-place-training = Training
channels-where = Which one
channels-where-hint = As a reader would find it: Service agreement, clause 14.2.
channels-link = Link
channels-from = Since
channels-to = Until
channels-stands = Stands
channels-trials = Trials
channels-trials-none = It was never tried
channels-trials-none-next = Send a report through it as a reporter would, and write down what came of it.
channels-on = Date
channels-result = Result
channels-passed = It worked
channels-failed = It failed
channels-evidence = What was done and seen
channels-evidence-hint = For instance: report TM-… sent by mail at 14:02, acknowledged at 14:03, in the register at 14:03.
channels-by = By
channels-the-product = The product
channels-reason = Reason
channels-log = Change log
channels-do-test = Write down a trial
channels-do-test-send = Record the trial
channels-do-test-done = The trial is recorded.
channels-do-publish = Write down where it is published
channels-do-publish-send = Record it
channels-do-publish-done = It is recorded where the channel is published.
channels-do-end = A publication has ended
channels-do-end-send = Record it
channels-do-end-done = It is recorded that the publication has ended.
channels-do-restate = Change what is written here
channels-do-restate-send = Save
channels-do-restate-done = The channel was changed. The change log keeps what stood before.
channels-do-retire = Close the channel
channels-do-retire-send = Close it
channels-do-retire-done = The channel is closed and no longer shown to reporters.
channels-do-reopen = Open it again
channels-do-reopen-send = Open it
channels-do-reopen-done = The channel is open again.
channels-event-stated = stated the channel
channels-event-published = published it in { $title }, since { $date }
channels-event-ended = took it out of { $title }, on { $date }
channels-event-passed = tried it on { $date }: it worked
channels-event-failed = tried it on { $date }: it failed
channels-event-retired = closed the channel
channels-event-reopened = opened the channel again

## The public page
