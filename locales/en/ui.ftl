## The frame of every page

skip-to-content = Go to the content
band-org = Service organisation
band-firm = Service auditor
band-public = Open to everyone
demonstration = Demonstration with fictional data
engagement = Engagement
engagement-none = Choose an engagement
search = Search
search-label = Search everything
palette-open = Go to
palette-label = Go to a page, or search for a number, a name, a word
close = Close
account = Your account
theme = Appearance
theme-system = As the system
theme-light = Light
theme-dark = Dark
sign-in = Sign in
sign-out = Sign out
rooms = Rooms
waiting-for-you = { $count ->
    [one] item waits for you
   *[other] items wait for you
}
crumbs = Where you are
tabs = Views
footer = Every figure here can be traced to its evidence.
glossary = Glossary
language = Language

## Components

definition-of = How { $what } is counted
traced = Traced to its evidence: { $what }
next-step = Next step
until = by { $when }
late-by = late by { $span }
left-in = in { $span }
steps = Steps
step-done = done
firm-only = Firm only
recorded-at = Recorded
proof-entry = Entry { $index } in the log
proof-pending = Recorded. Its place in the log follows within moments.
timeline-more = Earlier entries
progress-queued = Waits for its turn
progress-running = Under way
progress-done = Done
progress-failed = Stopped by an error
progress-cancelled = Cancelled
progress-of = { $done } of { $total }
progress-rate = { $rate } per second
progress-remaining = about { $span } left
copy = Copy
copied = Copied

## Lists

filters-set = Filters in use
filter-drop = remove this filter
saved-filters = Saved filters
columns = Columns
columns-shown = Columns shown
apply = Apply
export-csv = CSV
export-xlsx = XLSX
list-empty = Nothing matches.
choose = Choose
row-actions = Actions
pages = Pages: { $what }
pager-shown = { $shown ->
    [one] 1 shown
   *[other] { $shown } shown
}
pager-shown-of = { $shown } of { $total } shown
pager-first = First page
pager-previous = Previous page
pager-next = Next page

## Forms

required = (required)
choose-one = Choose one
cancel = Cancel
form-faults = { $count ->
    [one] One thing needs your attention
   *[other] { $count } things need your attention
}
form-kept = Nothing was saved yet. What you typed is kept.
field-required = Fill in “{ $field }”.
field-choose = Choose one for “{ $field }”.
field-too-long = “{ $field }” takes at most { $max } characters; this has { $length }. Shorten it.
field-not-a-choice = Choose one of the values offered for “{ $field }”.
field-not-a-number = “{ $field }” takes a number, such as 12 or 0.5.
field-not-a-date = “{ $field }” takes a date, such as 2026-03-09.
field-not-a-time = “{ $field }” takes a date and a time, such as 2026-03-09T16:30.
field-not-a-mail-address = “{ $field }” takes an address such as name@example.com.
field-not-a-web-address = “{ $field }” takes an address that begins with https://.

## Charts

chart-data = The figures as a table

## A sentence used by the documentation of `Words::rich`

ui-example-late = { $cases } are late.
