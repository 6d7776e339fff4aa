## The sealed part of a case

sealed-title = Sealed content
sealed-open = Open it
sealed-open-hint = What the reporter wrote is sealed. If you open it, that is recorded with your name; it then stays open for you for an hour.
sealed-few = What the reporter wrote is sealed, and only the people named below can open it. That somebody opened it is recorded.
sealed-closed = { $count ->
    [0] What the reporter wrote is sealed. Only people entrusted with it at the organisation can open it; times, severity and outcome are on this page.
    [one] What the reporter wrote, and one file, is sealed. Only people entrusted with it at the organisation can open it; times, severity and outcome are on this page.
   *[other] What the reporter wrote, and { $count } files, is sealed. Only people entrusted with it at the organisation can open it; times, severity and outcome are on this page.
}
sealed-report-title = In the reporter’s words
sealed-about = Concerns
sealed-notes = Notes
sealed-files = Files
sealed-file-original = as it was sent; it may show who sent it: use the copy
sealed-file-stripped = copy without place, time and device
sealed-file-unstripped = as it was sent; it may show who sent it
sealed-openings = Who opened it, and when
sealed-held = A legal hold stands on this case
sealed-readers = Who alone may open it
sealed-readers-are = Only { $names } can open it.
sealed-reason = Why?
sealed-restrict = Decide who alone may open it
sealed-restrict-send = Let only these people open it
sealed-restrict-done = From now on only these people can open it.
sealed-hold = Place a legal hold
sealed-hold-send = Place the hold
sealed-hold-done = The hold stands: nothing of this case is destroyed until it is released.
sealed-release = Release the legal hold
sealed-release-send = Release the hold
sealed-release-done = The hold is released.
sealed-destroy = Destroy what is sealed
sealed-destroy-send = Destroy it for ever
sealed-destroy-done = The key and the sealed content are destroyed. The certificate can be downloaded.
sealed-set-by = So says version { $number } of the reporting policy, which was in force when the case was concluded.
sealed-set-by-none = This is the usual: the reporting policy in force when the case was concluded says nothing of it, or none was.
sealed-until = It is kept for { $days } days after the case was concluded, until { $when }. Afterwards nobody can read it again; times, severity and outcome stay.
sealed-open-done = It is open for you for an hour.
sealed-destroyed = The sealed content was destroyed
sealed-destroyed-text = Its retention had ended. Times, severity and outcome stay, so that the period’s population is complete.
sealed-certificate = Download the deletion certificate
