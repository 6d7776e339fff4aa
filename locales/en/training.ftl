## Training and awareness

nav-training = Training
training-room = Training
training-question = What must I learn, and by when?
training-answer = { $open ->
    [0] Nothing is open
    [one] One course is open
   *[other] { $open } courses are open
}{ $late ->
    [0] {""}
    [one] , one of them is late
   *[other] , { $late } of them are late
}{ $unread ->
    [0] .
    [one] ; one text waits to be read.
   *[other] ; { $unread } texts wait to be read.
}
training-practise = Practise reporting
training-manage = Coverage and courses
training-course = Course
training-courses = My courses
training-why = Rhythm
training-due = Due
training-state = State
training-score = Score
training-score-of = { $right } of { $of } right
training-none = Nothing is assigned to you
training-none-text = When a course is, it appears here, and you get a mail.
training-text = Text
training-texts = Texts to read and confirm
training-version = Version
training-read-on = You confirmed it on { $when }.
training-unread = Waits for you
training-texts-none = No text waits
training-texts-none-text = A new version of a policy appears here when it is put forward.
training-rhythm-onboarding = On joining
training-rhythm-onboarding-hint = Once, counted from the day on which somebody joins.
training-rhythm-yearly = Every year
training-rhythm-yearly-hint = Again within 365 days of the last time.
training-rhythm-role = With a role
training-rhythm-role-hint = Once, for whoever holds one of the roles below.
training-done = Passed
training-released = Left before it was done
training-late = Late
training-open = To do
training-send = Send my answers
training-question-n = { $n }. { $text }
training-completed-answer = You passed on { $when }.
training-open-answer = Read it, then answer the questions. Due { $when }.
training-mark = Pass mark
training-mark-value = { $percent } % of the questions
training-attempts = Answers sent
training-proof = Proof that the log holds this
training-proof-get = Proof file
training-answers = The right answers
training-asked = Question
training-right = Right
training-because = Because
training-quiz = Questions
training-passed = You passed. The record holds it, with its proof.
training-failed = Not enough was right yet
training-failed-text = Look again at questions { $questions }. What you chose is kept below; you may answer as often as you need.
training-read-until = Read it and confirm by { $when }.
training-confirm = I have read and understood it
training-confirmed = Thank you. It is recorded that you read it.

## Practice

training-practice-question = How do you report something?
training-practice-answer = File a practice report below, and see step by step what would happen to a real one.
training-practice-note = This is practice
training-practice-note-text = What you write here becomes no case. Nobody is called, no clock runs, no figure counts it.
training-scenario = What you practise
training-scenario-mail = A mail that is not what it seems
training-scenario-mail-hint = “The bank” asks you to confirm the payroll account behind a link. You opened the link before you noticed.
training-scenario-outage = Something fails
training-scenario-outage-hint = Since this morning customers see an error in place of their payslips.
training-scenario-access = Somebody sees too much
training-scenario-access-hint = A customer tells you that they can open the payslips of another company.
training-practice-title = In a few words
training-practice-text = What happened
training-practice-text-hint = What you saw, when, where, who is affected, what you did already. Never a password.
training-practice-when = When, as far as you know
training-practice-send = File the practice report
training-practice-filed = Filed, as practice.
training-practice-before = What you practised before
training-practice-when-filed = Filed
training-practice-none = Nothing yet
training-practice-none-text = It takes about five minutes.
training-practice-finished = Gone through to the end
training-practice-underway = Under way
training-practice-next-question = What happens next?
training-practice-next-answer = Stage { $at } of { $of }.
training-practice-on = What happens next?
training-practice-stepped = One stage on.
training-practice-real = The page on which you report in earnest
training-stage-who = Who acts
training-stage-what = What happens
training-stage-see = What you see
training-stage-when = By when
training-stage-filed = Filed
training-stage-filed-who = You.
training-stage-filed-what = Your report is written down before the page answers. Nobody can take it out again.
training-stage-filed-see = The page that follows.
training-stage-filed-when = At once.
training-stage-receipt = Receipt
training-stage-receipt-who = The system.
training-stage-receipt-what = You get a tracking number to quote, and a secret return code to come back with. The receipt is signed, and can be checked without us.
training-stage-receipt-see = Number, code and receipt, once. The code cannot be recovered: write it down.
training-stage-receipt-when = At once.
training-stage-acknowledged = Confirmed by a person
training-stage-acknowledged-who = A case handler.
training-stage-acknowledged-what = Somebody reads it and says so. A mail that a machine sends does not count.
training-stage-acknowledged-see = A message on the follow-up page.
training-stage-acknowledged-when = Within the time that the reporting policy promises. If it passes, the case is brought to the next person by itself.
training-stage-triaged = Judged
training-stage-triaged-who = A case handler, without anybody whom the report names.
training-stage-triaged-what = It is decided how severe it is and whether it is an incident, with the reason.
training-stage-triaged-see = Where your report stands.
training-stage-triaged-when = Within the time of the policy, counted from the report.
training-stage-worked = In work
training-stage-worked-who = The person who answers for the case.
training-stage-worked-what = It is contained, mended, and its cause is found. You may be asked for more.
training-stage-worked-see = Questions and answers on the follow-up page.
training-stage-worked-when = By severity. Each promise and what became of it stays on record.
training-stage-told = You are told
training-stage-told-who = The person who answers for the case.
training-stage-told-what = You hear what was found and done, as far as it may be told.
training-stage-told-see = A message. You may say that you were not heard; that too goes one step up.
training-stage-told-when = Before the case is closed, and in between when it takes long.
training-stage-closed = Closed and learnt from
training-stage-closed-who = The compliance lead.
training-stage-closed-what = The case is closed with its outcome. What must change gets an owner and a date, and is checked later.
training-stage-closed-see = “Closed”, with the outcome.
training-stage-closed-when = When the policy's conditions are met, never before.
training-advice = What would make your report easier to act on
training-advice-none = Nothing: it says what happened, when and to whom.
training-advice-short = Say more: what you saw, where, who is affected, what you did.
training-advice-when = Say when it happened, as well as you know.
training-advice-secret = Leave out passwords and PINs, also old ones. Say that one was given away, not which.
training-advice-title = A title of a few words helps whoever reads many reports: what fails, and where.

## The lead's pages

training-manage-question = Has everybody learnt what they must?
training-manage-answer = { $late ->
    [0] Nobody is late, of { $members } people.
    [one] One assignment is late, among { $members } people.
   *[other] { $late } assignments are late, among { $members } people.
}
training-coverage = Coverage
training-coverage-counted = People who act for the organisation at { $when } and whom a course's rule concerns, counted once per course; done means passed, for a yearly course within the last 365 days. Leavers count nowhere, also where they had passed; who joined and still has time counts as not done.
training-coverage-note = { $done } of { $applies }
training-late-people = Late
training-late-counted = Open assignments whose due time has passed, of people who still act for the organisation.
training-practised = Practised reporting
training-practised-counted = People who went through a practice report to its end, ever.
training-practised-note = { $begun } began.
training-by-course = Coverage by course
training-applies = Concerned
training-have-done = Passed
training-have-time = Have time
training-are-late = Late
training-retired = no longer given
training-courses-none = No course yet
training-courses-none-text = Begin with one for everybody who joins: what to report, and where.
training-who = Who
training-who-is-late = Who is late
training-since = Late by
training-reminded = Reminded
training-reminded-self = { $days } days from the due day
training-reminded-lead = { $days } days past, leads told
training-late-none = Nobody is late
training-late-none-text = People are reminded a week and a day before, a day after, and then every week; from a week past on the compliance leads are told too.
training-assigned = Assigned
training-completed = Passed on
training-completions = Completions
training-completions-none = Nobody has passed yet
training-completions-none-text = Each completion is an entry of the log, with score and version.
training-texts-by = Texts and who confirmed them
training-confirmed-by = Confirmed
training-asked-of = Asked
training-month = Taken
training-taken = Coverage as it was taken down each month
training-taken-none = Not taken yet
training-taken-none-text = The first daily round of each month takes the figures down, so that the period's history does not depend on today's list of people.
training-new-course = Add a course
training-round = Go round now
training-round-done = { $assigned } assigned, { $reminded } reminded.
training-new-course-question = Which course, for whom, how often?
training-new-course-answer = Material and quiz follow on the next page. Nobody is assigned before there is material.
training-title = Title
training-whom = For whom
training-whom-hint = None ticked: everybody.
training-due-days = Days until it is due
training-retire = No longer given
training-retire-hint = Nobody is assigned it any more. What was passed stays on record.
training-course-save = Save the course
training-course-saved = The course is saved.
training-everybody = Everybody
training-course-answer = { $open } open, { $all } assigned in all.
training-assignments = Who has to take it
training-assignments-none = Nobody yet
training-assignments-none-text = The daily round assigns it, or press “Go round now” on the page before.
training-material-now = Material as it is
training-material-new = Publish new material
training-material-send = Publish the material
training-material-text = What is taught
training-material-text-hint = “## ” begins a heading, “- ” an item; **bold**, *emphasis*, [text](address).
training-material-quiz = Quiz
training-material-quiz-hint = “? ” a question, “* ” a right choice, “- ” a wrong one, “! ” why.
training-material-mark = Pass mark in per cent
training-material-published = Version { $number } is published.
training-course-change = Change title, rhythm or people

## Mail

training-mail-assigned-subject = To do: { $course }
training-mail-assigned-text = Hello { $name },
    
    please take “{ $course }” by { $due }:
    { $link }
training-mail-soon-subject = Still to do: { $course }
training-mail-soon-text = Hello { $name },
    
    “{ $course }” is due { $due }. It takes a few minutes:
    { $link }
training-mail-late-subject = Late: { $course }
training-mail-late-text = Hello { $name },
    
    “{ $course }” was due { $due }. Please take it now:
    { $link }
training-mail-lead-subject = { $name } is late with { $course }
training-mail-lead-text = “{ $course }” of { $name } was due { $due }, { $days } days ago. They were reminded.
    
    All who are late: { $link }
