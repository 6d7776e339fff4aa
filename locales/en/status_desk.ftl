## The desk behind the status page

nav-status = Status page
status-desk = Status page
status-desk-question = What do we tell the public at present?
status-desk-answer = { $count ->
    [0] Nothing is open: the page says that everything works.
    [one] One notice is open.
   *[other] { $count } notices are open.
}
status-open = Open notices
status-open-counted = Incidents that are not over, and planned work that is not done or cancelled, at this moment.
status-open-none = Nothing is open
status-open-none-text = When something fails, publish it before customers ask.
status-followers = Followers by mail
status-followers-counted = Addresses that were confirmed from their mailbox and have not left. The log holds that somebody followed, never the address.
status-followers-note = Not confirmed yet: { $asked }. Left: { $left }.
status-published = Who published what, and when
status-published-none = Nothing was published yet
status-published-none-text = Every publication stands here with the proof that the log holds it.
status-when = When
status-who = Who
status-words = Words
status-proof = Proof
status-proof-get = Proof file
status-place = Place
status-public-name = Name on the page
status-public-name-hint = As customers know it. Everybody can read it.
status-inside-name = Name inside
status-inside-name-hint = As you know it. It never appears on the page, in the feed or in mail.
status-description = What it does, for readers
status-retire = No longer shown
status-retire-hint = History keeps it.
status-retired = No longer shown
status-components-none = No components yet
status-components-none-text = Name the parts of the system as your customers know them.
status-new-component = Add a component
status-new-incident = Publish an incident
status-new-maintenance = Announce planned work
status-see-public = See the public page
status-component-question = How is this part called on the page?
status-component-answer = Readers see its name, its description and how it stands.
status-component-save = Save the component
status-component-saved = The component is saved.
status-new-incident-question = What does not work?
status-new-maintenance-question = What is going to be worked on, and when?
status-new-answer = What you send is public at once, in the words that you write. It stays in the record.
status-title = Title
status-title-hint = What a reader notices, not what you suspect: “Payslips load slowly”.
status-text = What you say
status-text-hint = What is affected, since when, what you do, when you will say more. No names of people, customers or machines.
status-began-at = Began (UTC)
status-began-hint = Leave it empty for now.
status-from-utc = From (UTC)
status-until-utc = Until (UTC)
status-window-hint = Leave both empty to keep the times.
status-not-affected = Not affected
status-case = Case
status-case-hint = The tracking number, if a case speaks of this. The public never sees it.
status-tell = Tell followers by mail
status-tell-hint = Webhooks and the feed are told in any case.
status-publish = Publish
status-publish-done = It is public. Followers are being told.
status-notice-answer = { $state }. { $count ->
    [one] One thing was said.
   *[other] { $count } things were said.
}
status-of-case = About case { $case }.
status-do-update = Say more, or that it is over
status-do-correct = Correct something that was said
status-do-link = Link it to a case
status-update-send = Publish the update
status-correct-send = Publish the correction
status-link-send = Save the link
status-update-done = The update is public.
status-correct-done = The correction is public. What it corrects stays, marked.
status-link-done = The link is saved.
status-which = What is wrong
status-right = What is right
status-right-hint = What you said stays on the page, marked as wrong, with a link to this.
status-evidence = Proof of what was published
status-did-publish = published
status-did-correct = corrected
status-about-case = Told on the status page
status-publish-about = Publish an incident about this case
