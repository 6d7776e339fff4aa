## Figures of the cases

figures-patterns = What the history says
figures-as-of = Counted { $when }. Canaries are in no figure.
figures-not-counted = The figures that need every case are being counted; look again in a minute. The counts below are of this moment.
figures-hidden = –
figures-hidden-definition = “–” stands for figures of fewer than five cases with an anonymous or confidential report among them, and for others without which those could be worked out from the sums.
figures-all-hidden = Too few cases to show
figures-all-hidden-next = Each figure could single out somebody who reported in confidence.
figures-of = { $part } of { $whole }
figures-interval = { $low } to { $high }
figures-not-reached = Not reached

figures-kept = Are promises kept?
figures-kept-chart = Share of promises kept in time
figures-kept-definition = Promises whose time was over when it was counted, by clock and by the severity under which they were made; those that another promise replaced are left out. Kept means in time. 95 % intervals by Wilson.
figures-kept-none = No promise has come due yet
figures-kept-none-next = Promises are made to cases that are reported while a reporting policy is in force.
figures-column-clock = Promise
figures-column-severity = Severity
figures-column-kept-of = Kept
figures-column-share = Share
figures-column-interval = 95 % interval
figures-clock-acknowledge = Confirm by a person
figures-clock-triage = Decide the severity
figures-clock-answer = First answer
figures-clock-update = Next update
figures-clock-contain = Contain
figures-clock-resolve = Resolve
figures-clock-review = Review

figures-durations = How long does it take?
figures-durations-definition = Kaplan–Meier: cases that are not over yet count as “longer than this”, and are not left out. From the report to the first sign of a person, and to the resolution (the conclusion, where no resolution is known). Cases whose end lies before their report are left out.
figures-rounded = This register is large: durations are rounded down, to the minute in the first week and to the hour after it. “tickmark cases analyse” counts to the microsecond.
figures-duration-of = { $ended } over, { $censored } not yet; 95 % interval { $low } to { $high }.
figures-acknowledge = First sign of a person
figures-resolve = Resolution
figures-acknowledge-median = Half have a sign of a person within
figures-acknowledge-p90 = Nine in ten have a sign of a person within
figures-resolve-median = Half are resolved within
figures-resolve-p90 = Nine in ten are resolved within
figures-survival = Share of cases not over yet, by time since the report
figures-survival-definition = Each step is a time at which cases were over. The lower a curve, the quicker.
figures-survival-names = Measured to
figures-survival-x = Time since the report
figures-survival-y = Not over yet
figures-half = Half

figures-worst = Which ten cases do worst?
figures-worst-definition = Open cases with a promise whose time is over, the longest overdue first; then the oldest open ones.
figures-worst-overdue = { $clock }: overdue for { $span }
figures-worst-old = Open for { $span }, nothing overdue
figures-worst-none = No case is open
figures-worst-none-next = Nothing is overdue and nothing waits.
figures-column-reason = Why it stands here

figures-backlog = Does the work keep up?
figures-backlog-definition = Reports of each month, and cases reported before the end of the month and not closed before it; months in UTC.
figures-backlog-reported = Reported in the month
figures-backlog-open = Open at its end
figures-backlog-names = Counted
figures-backlog-x = Month
figures-backlog-y = Cases

figures-paused = For how long do clocks stand still?
figures-paused-definition = Of the time from the report to the conclusion (or now) of the cases that somebody answers for today, the share during which their clocks stood still. A large share may be right; it may also hide late work.
figures-column-handler = Answers for them
figures-column-cases = Cases
figures-column-open-for = Open, together
figures-column-paused-for = Paused, together
