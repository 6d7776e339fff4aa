## Controls that changed in the period

spans-link = It changed in the period
spans-read = Stretches of the period
spans-restate = State them anew
spans-none-stated = No change of this control is stated
spans-none-stated-next = It is concluded on once, for the whole period. Where it changed, a senior, manager or the partner states from which day.
spans-title = When did { $code } change?
spans-answer = { $count ->
    [0] It is treated as the same all through the period.
   *[other] It has { $count } stretches, each with its own tests and conclusion.
}
spans-intro = A control that was replaced, moved or introduced in the middle of the period is concluded on each of its stretches: each has its own design, its own tests and its own conclusion. What failed in one is not made up for by the other. Say so also for days before the control existed.
spans-first = What it was when the period began
spans-changes = What changed, and on which day
spans-changes-hint = One change on each line: the first day on which it was so, then what it was from then on, for instance “2026-04-01 The system owner approves, before that the manager did”. Left empty, it did not change after all.
spans-tests-of = Tests that speak for { $days }
spans-reason = How you know
spans-save = State the stretches
spans-saved = The stretches are stated. A conclusion that was signed before has to be signed again, on each of them.
spans-none = Give at least one day on which the control changed.
spans-heading = Stretches of the period
spans-days = Days
spans-what = The control then
spans-tests = Tests that support it
spans-why = How the change is known: { $reason }
spans-not-finished = Nothing is proposed: the tests of these days are not finished.
spans-conclude = Conclude on each stretch
spans-conclude-each = This control changed in the period. Conclude on each stretch; the control as a whole is what the worst of them is. A design that fails cannot have operated effectively.
spans-as-a-whole = The control as a whole
