## The desk behind surveys and interviews

nav-surveys = Surveys
surveys-room = Surveys and interviews
surveys-tab = Surveys
surveys-tab-interviews = Interviews
surveys-tab-bank = Questions
surveys-question = Whom have we asked, and what did they say?
surveys-answer = { $open ->
    [0] No survey is open
    [one] One survey is open
   *[other] { $open } surveys are open
}, of { $all } in all.
surveys-new = Open a survey
surveys-title = Title
surveys-kind = Answers
surveys-state = State
surveys-open = Open
surveys-closed = Closed
surveys-closes = Closes
surveys-invited = Invited
surveys-invited-counted = Invitations sent to one person each, over all rounds.
surveys-answered = Answered
surveys-answered-counted = Answers taken. Each invitation can be answered once; with a common link somebody may answer more than once.
surveys-rate = Response rate
surveys-rate-counted = Answers divided by invitations, once the survey is closed or where it is named. Not given where there is a common link: nobody knows how many saw it.
surveys-not-yet = sealed
surveys-anonymous = Anonymous
surveys-anonymous-hint = No identity is kept. Answers are read after closing, figures of fewer than five people are kept back.
surveys-named = Named
surveys-named-hint = You see who answered what, and they are told so.
surveys-all = All surveys
surveys-none = No survey yet
surveys-none-text = Ask those who report whether they know where, whether they were heard, and what kept them from it.
surveys-bank-question = Which questions can we ask?
surveys-bank-answer = { $count } questions, in our own words, by whom they are asked of.
surveys-number = No.
surveys-text = Question
surveys-answer-kind = Takes
surveys-languages = Languages
surveys-takes-agree = 1 to 5
surveys-takes-yes-no = yes or no
surveys-takes-text = words
surveys-group-management = Management
surveys-group-staff = Staff
surveys-group-external = Customers and others outside
surveys-group-history = History of a case
surveys-group-patterns = Patterns over cases
surveys-new-question = What do you want to know, and from whom?
surveys-new-answer = A survey is open at once. Invite people on the next page.
surveys-new-send = Open the survey
surveys-opened = The survey is open. Invite people now.
surveys-intro = What it is for
surveys-intro-hint = People read this before they answer, and in the mail.
surveys-closes-utc = Closes (UTC)
surveys-segments = Groups
surveys-segments-hint = One per line, if you want figures by group. Small groups are put together so that nobody is singled out. Leave it empty to ask none.
surveys-questions = Questions
surveys-one-open = Open until { $when }.
surveys-one-closed = Closed on { $when }.
surveys-results = What was answered
surveys-sealed = Sealed until it is closed
surveys-sealed-text = Nobody reads anonymous answers one by one as they come in: from the difference between today and yesterday one could tell who said what.
surveys-too-few = Fewer than { $k } answered
surveys-too-few-text = The answers were destroyed unread: with so few, everybody would be known. Ask more people, or ask by name.
surveys-no-answers = Nobody has answered yet
surveys-no-answers-text = Invitations are below.
surveys-kept-back-text = A figure of fewer than { $k } people is kept back, and with it as many others as it takes that it does not follow from the totals.
surveys-kept-back-all = Fewer than { $k } people answered this: nothing is shown.
surveys-kept-back = kept back
surveys-no-words = Nobody wrote anything.
surveys-segment = Group
surveys-no-segment = did not say
surveys-everybody = Everybody
surveys-total = Total
surveys-who = Who
surveys-whom = Who was invited
surveys-link = Common link
surveys-invite = Invite people
surveys-addresses = Addresses
surveys-addresses-anonymous = One per line. They are used to send the mail and are not kept with the survey. Whoever is given twice is invited twice: the survey does not know whom it asked.
surveys-addresses-named = One per line. Who was invited already is passed over.
surveys-invite-send = Send the invitations
surveys-invite-done = { $count ->
    [0] Nobody new to invite.
    [one] One invitation is on its way.
   *[other] { $count } invitations are on their way.
}
surveys-make-link = Make a common link
surveys-link-text = Whoever has it may answer, also more than once. Use it where you do not know who your readers are; there is then no response rate.
surveys-link-send = Make the link
surveys-link-done = The link is above.
surveys-close = Close the survey
surveys-close-text = Nobody can answer any more. Anonymous answers enter the record in random order; fewer than five are destroyed.
surveys-close-send = Close it now
surveys-close-done = { $count ->
    [one] Closed with one answer.
   *[other] Closed with { $count } answers.
}
surveys-promise = What anonymous means here
surveys-promise-text = No name, address, session or time is stored with an answer. An invitation is a random ticket of which a digest is kept; it is marked when used, without a time, apart from the answer. Answers enter the record when the survey is closed, together and shuffled, and tickets are then forgotten.

    What can still be inferred: the mail server, and the list of sent mail here, know who was invited, not who answered. While the survey is open, somebody with the raw files of the database could see by traces of the transaction which ticket and which answer came together, but not whose ticket it is once the mail is sent. And words can give their writer away.
surveys-back = All surveys
surveys-interviews = Interviews
surveys-interviews-question = Whom have we talked to, and what is still to be done?
surveys-interviews-answer = { $held } of { $all } interviews were held; { $open ->
    [0] nothing is open.
    [one] one follow-up is open.
   *[other] { $open } follow-ups are open.
}
surveys-plan = Plan an interview
surveys-position = Role
surveys-when = When
surveys-themes = Themes
surveys-themes-hint = Words, separated by commas. They are counted over all interviews.
surveys-themes-all = What came up, and how often
surveys-theme = Theme
surveys-times = Interviews
surveys-themes-none = No themes yet
surveys-themes-none-text = Name them when you write an interview down.
surveys-interviews-none = No interview yet
surveys-interviews-none-text = Choose people by function and by how long they have been here, and say why.
surveys-open-follow-ups = Open follow-ups
surveys-open-follow-ups-counted = Things that interviews left to be done and of which nobody has said what came of them.
surveys-planned = Planned
surveys-held = Held
surveys-plan-question = Whom do you ask, about what, and why them?
surveys-plan-answer = Choose the questions now; answers are written down afterwards.
surveys-plan-send = Plan it
surveys-plan-done = The interview is planned.
surveys-reason = Why this person
surveys-reason-hint = Function, time in the job, part in a case: whoever reads this later must see how people were chosen.
surveys-when-utc = When (UTC)
surveys-held-utc = Held (UTC)
surveys-interviewer = Asked by
surveys-interview-title = { $who }, { $position }
surveys-interview-answer = { $open ->
    [0] Nothing is open.
    [one] One follow-up is open.
   *[other] { $open } follow-ups are open.
}
surveys-not-answered = Not answered.
surveys-conclusion = Conclusion
surveys-follow-ups = What is to be done
surveys-follow-ups-none = Nothing to be done
surveys-follow-ups-none-text = Add what the interview left open.
surveys-follow-what = What
surveys-follow-owner = By whom
surveys-follow-due = By when (UTC)
surveys-follow-which = Which
surveys-follow-outcome = What came of it
surveys-follow-done = Done { $when }
surveys-follow-late = Late
surveys-interview-hold = Write down what was answered
surveys-interview-follow = Add something to be done
surveys-interview-done = Say what came of something
surveys-interview-close = Close the interview
surveys-interview-hold-send = Save the answers
surveys-interview-follow-send = Add it
surveys-interview-done-send = It is done
surveys-interview-close-send = Close it
surveys-interview-hold-done = The answers are recorded.
surveys-interview-follow-done = It is added.
surveys-interview-done-done = It is done, and recorded.
surveys-interview-close-done = The interview is closed.
